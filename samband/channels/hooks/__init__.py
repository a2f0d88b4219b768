"""Where outside services reach us: payment providers tell how a payment went."""
