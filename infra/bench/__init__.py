"""Measuring the product against limits taken on the same machine in the same run.

Every figure is the median of interleaved rounds: the product, then its limit, then the product again. The product runs
as it is deployed: gunicorn, tokens, tenant routing, permissions and policies; only rate limits are raised.
"""

from infra.bench.run import run

__all__ = ["run"]
