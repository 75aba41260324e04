namespace Cnn.Graph.Training;

/// <summary>Keeps the loss of every step, within the step: no report is passed on to another thread.</summary>
internal sealed class StepLosses : IProgress<TrainingProgress>
{
    private readonly List<double> _values = [];

    public IReadOnlyList<double> Values => _values;

    public void Report(TrainingProgress value)
    {
        if (value.Finished is null)
        {
            _values.Add(value.StepLoss);
        }
    }
}
