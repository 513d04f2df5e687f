"""Where networks that read each other's weights switch to cooperation, as they are trained, beside what theory says."""
