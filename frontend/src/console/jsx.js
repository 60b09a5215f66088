// What JSX becomes: the build puts this import into every file that has some.
export { Fragment, h } from 'preact';
