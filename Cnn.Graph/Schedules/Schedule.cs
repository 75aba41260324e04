namespace Cnn.Graph;

/// <summary>How the learning rate changes while training goes on: a plain function of the progress, fed to the graph at every step.</summary>
/// <param name="progress">Where training stands.</param>
/// <returns>The factor on the optimiser's learning rate.</returns>
public delegate double Schedule(ScheduleProgress progress);

/// <summary>Where training stands when a step begins.</summary>
/// <param name="Step">The number of steps done.</param>
/// <param name="StepsPerEpoch">The steps of one pass over the training set.</param>
/// <param name="Epochs">The number of passes planned.</param>
public readonly record struct ScheduleProgress(long Step, int StepsPerEpoch, int Epochs)
{
    /// <summary>The number of whole epochs done.</summary>
    public int Epoch => (int)(Step / StepsPerEpoch);

    /// <summary>The share of all steps that is done, from 0 to 1.</summary>
    public double Fraction => Math.Min((double)Step / ((long)StepsPerEpoch * Epochs), 1);
}

/// <summary>The usual schedules.</summary>
public static class Schedules
{
    /// <summary>The same rate throughout.</summary>
    public static Schedule Constant { get; } = _ => 1;

    /// <summary>Half a cosine from the full rate to zero over all epochs (Loshchilov &amp; Hutter, 2017, without restarts).</summary>
    public static Schedule Cosine { get; } = p => 0.5 * (1 + Math.Cos(Math.PI * p.Fraction));

    /// <summary>The rate times <paramref name="factor"/> after every <paramref name="epochs"/> epochs.</summary>
    /// <param name="epochs">The epochs between two cuts; at least 1.</param>
    /// <param name="factor">What is left of the rate at each cut; above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument lies outside its range.</exception>
    public static Schedule Step(int epochs, double factor = 0.1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(epochs, 1);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(factor);
        return p => Math.Pow(factor, p.Epoch / epochs);
    }
}
