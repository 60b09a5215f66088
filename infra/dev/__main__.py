"""`make run`: starts at once, because it loads nothing of the product before its servers are under way."""

import sys

from infra.dev import supervisor

if __name__ == "__main__":
    sys.exit(supervisor.run())
