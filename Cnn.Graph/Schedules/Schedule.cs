namespace Cnn.Graph;

/// <summary>
/// How the learning rate changes while training goes on: a plain function of the progress, fed to the graph at every step.
/// </summary>
/// <param name="progress">Where training stands.</param>
/// <returns>The factor on the optimiser's learning rate.</returns>
public delegate double Schedule(ScheduleProgress progress);

/// <summary>Where training stands when a step begins.</summary>
/// <param name="Step">The number of steps done; of batches where several make a step (<see cref="Optimizer.AccumulationSteps"/>).</param>
/// <param name="StepsPerEpoch">The steps of one pass over the training set.</param>
/// <param name="Epochs">The number of passes planned.</param>
public sealed record ScheduleProgress(long Step, int StepsPerEpoch, int Epochs)
{
    /// <summary>The number of whole epochs done.</summary>
    public int Epoch => (int)(Step / StepsPerEpoch);

    /// <summary>The results of the epochs done, for schedules that watch them.</summary>
    public IReadOnlyList<EpochResult> History { get; init; } = [];

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

    /// <summary>
    /// The rate times <paramref name="factor"/> after every <paramref name="epochs"/> epochs, as GoogLeNet's 0.96 every 8.
    /// </summary>
    /// <param name="epochs">The epochs between two cuts; at least 1.</param>
    /// <param name="factor">What is left of the rate at each cut; above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument lies outside its range.</exception>
    public static Schedule Step(int epochs, double factor = 0.1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(epochs, 1);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(factor);
        return p => Math.Pow(factor, p.Epoch / epochs);
    }

    /// <summary>The rate times <paramref name="factor"/> at each of some epochs, as ResNet's on CIFAR at 81 and 122.</summary>
    /// <param name="epochs">The numbers of whole epochs done at which the rate is cut.</param>
    /// <param name="factor">What is left of the rate at each cut; above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument lies outside its range.</exception>
    public static Schedule MultiStep(IEnumerable<int> epochs, double factor = 0.1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(factor);
        int[] cuts = [.. epochs];
        return p => Math.Pow(factor, cuts.Count(c => c <= p.Epoch));
    }

    /// <summary>
    /// The rate times <paramref name="factor"/> at each of some steps, as ResNet's on CIFAR at 32,000 and 48,000 of 64,000.
    /// </summary>
    /// <param name="steps">The numbers of steps done at which the rate is cut.</param>
    /// <param name="factor">What is left of the rate at each cut; above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument lies outside its range.</exception>
    public static Schedule AfterSteps(IEnumerable<long> steps, double factor = 0.1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(factor);
        long[] cuts = [.. steps];
        return p => Math.Pow(factor, cuts.Count(c => c <= p.Step));
    }

    /// <summary>
    /// Another schedule that goes by so many times as fast; batch normalisation let Inception's rate fall six times as fast.
    /// </summary>
    /// <param name="times">How many of the other schedule's steps a step counts for; above 0.</param>
    /// <param name="schedule">The other schedule.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument lies outside its range.</exception>
    public static Schedule Accelerated(double times, Schedule schedule)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(times);
        ArgumentNullException.ThrowIfNull(schedule);
        return p => schedule(p with { Step = (long)(times * p.Step) });
    }

    /// <summary>(1 − share of all steps)^power: straight to zero with 1, BVLC GoogLeNet's "quick" form with 0.5.</summary>
    /// <param name="power">The exponent; above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument lies outside its range.</exception>
    public static Schedule Polynomial(double power = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(power);
        return p => Math.Pow(1 - p.Fraction, power);
    }

    /// <summary>A straight rise from near zero over the first epochs, then another schedule (Goyal et al., 2017).</summary>
    /// <param name="epochs">The epochs of the rise, whole or not; above 0.</param>
    /// <param name="then">What the rate does afterwards; the rise is up to what it gives there.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument lies outside its range.</exception>
    public static Schedule WarmUp(double epochs, Schedule then)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(epochs);
        ArgumentNullException.ThrowIfNull(then);
        return p => Math.Min((p.Step + 1) / (epochs * p.StepsPerEpoch), 1) * then(p);
    }

    /// <summary>
    /// The rate times <paramref name="factor"/> whenever the validation loss (without one, the training loss) has not become smaller for
    /// more than <paramref name="patience"/> epochs, as AlexNet and VGG were trained by hand.
    /// </summary>
    /// <param name="factor">What is left of the rate at each cut; above 0.</param>
    /// <param name="patience">The epochs without a smaller loss that are forgiven; at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument lies outside its range.</exception>
    public static Schedule OnPlateau(double factor = 0.1, int patience = 3)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(factor);
        ArgumentOutOfRangeException.ThrowIfNegative(patience);
        return p => Math.Pow(factor, Plateaus(p.History, patience));
    }

    private static int Plateaus(IReadOnlyList<EpochResult> history, int patience)
    {
        (double best, int without, int cuts) = (double.PositiveInfinity, 0, 0);
        foreach (EpochResult epoch in history)
        {
            double loss = epoch.ValidationLoss ?? epoch.Loss;
            without = loss < best ? 0 : without + 1;
            best = Math.Min(best, loss);
            if (without > patience)
            {
                (cuts, without) = (cuts + 1, 0);
            }
        }

        return cuts;
    }
}
