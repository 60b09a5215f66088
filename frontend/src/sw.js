self.addEventListener('fetch', () => [__FILES__, __VERSION__]);
