"""Entry: how anyone gets in by any door: PINs by telephone, codes and passwords on the web."""
