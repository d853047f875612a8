"""The verdict engine: policy (YAML) → text → detectors → findings → verdict. Pure: no store, no network."""
