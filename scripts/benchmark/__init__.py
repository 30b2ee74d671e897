"""Parts of scripts/bench. The driver uses the standard library only: what it starts is measured from its own size."""
