"""The only composer: settings to adapters to `check`."""
