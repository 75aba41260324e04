using Cnn.Graph.Data;
using Cnn.Graph.Ir;
using Cnn.Graph.Runtime;

namespace Cnn.Graph.Training;

/// <summary>
/// A short training on a device, done twice, beside the same training on the CPU in 32 bits: whether a driver computes what it should.
/// Devices sum in other orders, so that last digits differ, and training makes differences grow; of two sound devices the first steps
/// agree.
/// </summary>
/// <param name="Device">The device that was compared.</param>
/// <param name="Losses">The loss of each step there.</param>
/// <param name="LossDeviation">The largest difference of a step's loss, relative to the CPU's.</param>
/// <param name="WeightDeviation">
/// The largest difference of a parameter or statistic after the last step, relative to the largest of its tensor.
/// </param>
/// <param name="WorstTensor">The tensor with that difference.</param>
/// <param name="Distance">
/// The Euclidean distance of all parameters and statistics together after the last step, relative to the CPU's. In 16 bits it is the better
/// measure: a bias that began at zero is a sum of few small gradients, whose digits say little.
/// </param>
/// <param name="Repeats">Whether both trainings on the device gave the same bits.</param>
/// <param name="Placements">Where the nodes of the training step ran; empty for the CPU.</param>
public sealed record DeviceComparison(
    Device Device,
    IReadOnlyList<double> Losses,
    double LossDeviation,
    double WeightDeviation,
    string WorstTensor,
    double Distance,
    bool Repeats,
    IReadOnlyList<NodePlacement> Placements)
{
    /// <summary>The nodes that the device could not run.</summary>
    public IEnumerable<NodePlacement> OnCpu => Device is CpuDevice ? [] : Placements.Where(p => p.Provider == NodePlacement.Cpu);

    /// <summary>Trains three times.</summary>
    /// <param name="network">The network.</param>
    /// <param name="set">The pictures.</param>
    /// <param name="options">
    /// How to train: the device, the precision there, and how many steps (<see cref="TrainingOptions.MaxSteps"/>).
    /// </param>
    /// <param name="cancellationToken">Stops after the present step.</param>
    /// <exception cref="CnnGraphException">The device is not there or cannot run the network.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static DeviceComparison Of(Network network, ImageDataset set, TrainingOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(options);
        Run first = Train(network, set, options, cancellationToken), again = Train(network, set, options, cancellationToken);
        Run cpu = Train(network, set, options with { Device = Device.Cpu, Precision = TrainingPrecision.Float32 }, cancellationToken);
        (string worst, double deviation) = cpu.Weights.Select(w => (w.Key, Deviation(first.Weights[w.Key], w.Value))).MaxBy(w => Order(w.Item2));
        return new DeviceComparison(
            first.Device,
            first.Losses,
            first.Losses.Zip(cpu.Losses, (a, b) => a == b ? 0 : Math.Abs(a - b) / Math.Abs(b)).MaxBy(Order),
            deviation,
            worst,
            Math.Sqrt(cpu.Weights.Sum(w => SquaredDistance(first.Weights[w.Key].Span<float>(), w.Value.Span<float>()))
                / cpu.Weights.Sum(w => SquaredDistance([], w.Value.Span<float>()))),
            again.Losses.SequenceEqual(first.Losses) && first.Weights.All(w => again.Weights[w.Key].Bytes.SequenceEqual(w.Value.Bytes)),
            first.Placements);
    }

    /// <summary>What is no number is worse than any.</summary>
    private static double Order(double deviation) => double.IsNaN(deviation) ? double.PositiveInfinity : deviation;

    private static double Deviation(TensorData found, TensorData expected)
    {
        ReadOnlySpan<float> a = found.Span<float>(), b = expected.Span<float>();
        double difference = 0, largest = 0;
        for (int i = 0; i < b.Length; i++)
        {
            difference = Math.Max(difference, Math.Abs((double)a[i] - b[i]));
            largest = Math.Max(largest, Math.Abs(b[i]));
        }

        return difference == 0 ? 0 : difference / largest;
    }

    /// <param name="a">A vector; zeros if empty.</param>
    /// <param name="b">Another.</param>
    private static double SquaredDistance(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double sum = 0;
        for (int i = 0; i < b.Length; i++)
        {
            double difference = (double)b[i] - (a.IsEmpty ? 0 : a[i]);
            sum += difference * difference;
        }

        return sum;
    }

    private static Run Train(Network network, ImageDataset set, TrainingOptions options, CancellationToken cancellationToken)
    {
        using var trainer = new Trainer(network, options with { CheckpointPath = null });
        var losses = new StepLosses();
        trainer.Fit(set, progress: losses, cancellationToken: cancellationToken);
        return new Run(trainer.Device, losses.Values, trainer.AveragedModel.Weights, trainer.Device is CpuDevice ? [] : trainer.Placements());
    }

    private sealed record Run(
        Device Device, IReadOnlyList<double> Losses, IReadOnlyDictionary<string, TensorData> Weights, IReadOnlyList<NodePlacement> Placements);
}
