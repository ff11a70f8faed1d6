"""What every denoising pack has to pass before it is offered: measured like a scanner."""
