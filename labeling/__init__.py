"""From verdicts to better models: data sets, training, evaluation."""
