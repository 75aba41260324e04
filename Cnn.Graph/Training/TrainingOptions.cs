using Cnn.Graph.Data;

namespace Cnn.Graph;

/// <summary>How a network is trained.</summary>
public sealed record TrainingOptions
{
    /// <summary>What is made small; softmax cross-entropy by default.</summary>
    public Loss Loss { get; init; } = Loss.SoftmaxCrossEntropy();

    /// <summary>How parameters follow their gradients; SGD at 0.01 with momentum 0.9 by default.</summary>
    public Optimizer Optimizer { get; init; } = Optimizer.Sgd(learningRate: 0.01, momentum: 0.9);

    /// <summary>How the learning rate changes; it does not by default.</summary>
    public Schedule Schedule { get; init; } = Schedules.Constant;

    /// <summary>Passes over the training set; 10 by default, at least 1.</summary>
    public int Epochs { get; init; } = 10;

    /// <summary>Samples a step; 64 by default, at least 1. The last batch of an epoch may be smaller.</summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>Stops after so many steps in all, if given; at least 1.</summary>
    public long? MaxSteps { get; init; }

    /// <summary>
    /// Decides initial parameters, sample orders and dropout masks; the same seed on the same machine gives the same bits.
    /// </summary>
    public long Seed { get; init; }

    /// <summary>The order of the samples; shuffled anew in every epoch by default.</summary>
    public SampleOrder Order { get; init; } = SampleOrder.Shuffled;

    /// <summary>How pixels become inputs; by default the mean and deviation of the training set's pixels become 0 and 1.</summary>
    public Normalization? Normalization { get; init; }

    /// <summary>Where training runs; DirectML where there is one, else the CPU, by default.</summary>
    public Device Device { get; init; } = Device.Auto;

    /// <summary>
    /// The numbers to compute with; 32-bit floats by default. Like the device it may be another when a checkpoint is resumed.
    /// </summary>
    public TrainingPrecision Precision { get; init; }

    /// <summary>
    /// With <see cref="TrainingPrecision.Float16"/>, what the loss is multiplied by at first while gradients are taken, so that small ones
    /// survive; 1024 by default, at least 1, best a power of two. It halves where gradients overflow, which leaves that step out, and
    /// doubles after 2000 steps without: a lower start loses no steps where gradients are large, as with deep networks that have no
    /// shortcuts.
    /// </summary>
    public double LossScale { get; init; } = DefaultLossScale;

    /// <summary>
    /// Whether nodes that the device cannot run may run on the CPU, which moves data to and fro in every step; by default they are an error
    /// that names them. <see cref="Runtime.NodePlacement"/> tells where a model's nodes run.
    /// </summary>
    public bool AllowCpuFallback { get; init; }

    /// <summary>
    /// Where checkpoints are written: at the start unless there is one, after every epoch, every ten minutes and on cancellation. None by
    /// default.
    /// </summary>
    public string? CheckpointPath { get; init; }

    /// <summary>The time between two checkpoints within an epoch; ten minutes by default.</summary>
    public TimeSpan CheckpointInterval { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Facts to keep in checkpoints and in the trained model's metadata, such as the data set's name.</summary>
    public IReadOnlyDictionary<string, string> Facts { get; init; } = new Dictionary<string, string>();

    internal const double DefaultLossScale = 1024;

    internal double? UsedLossScale => Precision == TrainingPrecision.Float16 ? LossScale : null;

    /// <summary>Reports every setting that is out of range in one message.</summary>
    /// <exception cref="CnnGraphException">A setting is out of range.</exception>
    internal void Validate()
    {
        string[] faults =
        [
            .. Epochs < 1 ? [$"`{nameof(Epochs)}` (={Epochs}) must be at least 1"] : Array.Empty<string>(),
            .. BatchSize < 1 ? [$"`{nameof(BatchSize)}` (={BatchSize}) must be at least 1"] : Array.Empty<string>(),
            .. MaxSteps < 1 ? [$"`{nameof(MaxSteps)}` (={MaxSteps}) must be at least 1"] : Array.Empty<string>(),
            .. Device is null ? [$"`{nameof(Device)}` must not be null; Device.Auto chooses"] : Array.Empty<string>(),
            .. Enum.IsDefined(Precision) ? Array.Empty<string>() : [$"`{nameof(Precision)}` (={Precision}) is none of {string.Join(", ", Enum.GetNames<TrainingPrecision>())}"],
            .. LossScale is >= 1 and <= 1 << 24 ? Array.Empty<string>() : [$"`{nameof(LossScale)}` (={LossScale}) must be from 1 to {1 << 24}"],
            .. CheckpointInterval <= TimeSpan.Zero ? [$"`{nameof(CheckpointInterval)}` (={CheckpointInterval}) must be above zero"] : Array.Empty<string>(),
        ];
        if (faults.Length > 0)
        {
            throw new CnnGraphException($"The training options are out of range: {string.Join("; ", faults)}.");
        }
    }
}
