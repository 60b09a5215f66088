"""Examples for an installation: systemd units, nginx, containers, and the application as it runs behind a proxy."""
