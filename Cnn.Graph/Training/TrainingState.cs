using System.Text.Json.Serialization;
using Cnn.Graph.Data;
using Cnn.Graph.Evaluation;

namespace Cnn.Graph.Training;

/// <summary>Where training stands, apart from the variables: all that a checkpoint needs to go on in the same bits.</summary>
/// <param name="Step">Steps done in all.</param>
/// <param name="Epoch">Whole passes done.</param>
/// <param name="Batch">Batches done in this pass.</param>
/// <param name="Samples">Samples seen in this pass.</param>
/// <param name="LossSum">The sum over these samples of the loss.</param>
/// <param name="Correct">The number of right answers among them; null where the loss has no such notion.</param>
/// <param name="Seconds">The time that this pass has taken.</param>
/// <param name="History">The passes done.</param>
internal sealed record TrainingState(
    long Step, int Epoch, int Batch, long Samples, double LossSum, long? Correct, double Seconds, IReadOnlyList<EpochResult> History)
{
    public static TrainingState Start { get; } = new(0, 0, 0, 0, 0, null, 0, []);

    /// <summary>The loss of the last batch.</summary>
    public double LastLoss { get; init; }

    /// <summary>The mean loss of this pass so far.</summary>
    [JsonIgnore]
    public double Loss => LossSum / Samples;

    [JsonIgnore]
    public double? Accuracy => (double?)Correct / Samples;

    [JsonIgnore]
    public double ImagesPerSecond => Seconds > 0 ? Samples / Seconds : 0;

    /// <summary>Makes sure that the batch which comes next has not ruined the training.</summary>
    /// <exception cref="CnnGraphException">Its loss is no finite number.</exception>
    public void RequireFinite(float loss, string? lastCheckpoint, TrainingPrecision precision = TrainingPrecision.Float32)
    {
        if (!float.IsFinite(loss))
        {
            throw new CnnGraphException(
                $"The loss became {loss} at step {Step + 1} (epoch {Epoch + 1}, batch {Batch + 1}). " +
                (precision == TrainingPrecision.Float16 ? "Train in 32 bits, or lower the learning rate" : "Lower the learning rate") +
                (lastCheckpoint is null ? "." : $"; the last good checkpoint is '{lastCheckpoint}'."));
        }
    }

    /// <summary>After one more batch.</summary>
    public TrainingState Advance(int samples, float loss, long? correct, double seconds) => this with
    {
        Step = Step + 1,
        Batch = Batch + 1,
        Samples = Samples + samples,
        LossSum = LossSum + ((double)loss * samples),
        Correct = correct + (Correct ?? 0),
        Seconds = Seconds + seconds,
        LastLoss = loss,
    };

    /// <summary>The result of the pass that just ended.</summary>
    /// <param name="validation">What the validation set gave, if there is one.</param>
    /// <param name="isCrossEntropy">Whether the loss that was measured there is the one that is trained.</param>
    public EpochResult Finish(EvaluationResult? validation, bool isCrossEntropy) =>
        new(Epoch + 1, Loss, Accuracy, isCrossEntropy ? validation?.Loss : null, validation?.Accuracy, Seconds, ImagesPerSecond);

    /// <summary>At the start of the next pass.</summary>
    public TrainingState NextEpoch(EpochResult result) => Start with
    {
        Step = Step, Epoch = Epoch + 1, History = [.. History, result], LastLoss = LastLoss,
    };

    /// <summary>What is told after a step, or after a pass.</summary>
    public TrainingProgress ToProgress(BatchPlan plan, TrainingOptions options, EpochResult? finished = null)
    {
        long steps = Math.Min((long)options.Epochs * plan.BatchesPerEpoch, options.MaxSteps ?? long.MaxValue);
        double perSecond = finished?.ImagesPerSecond ?? ImagesPerSecond;
        double samplesLeft = (double)(steps - Step) * plan.SampleCount / plan.BatchesPerEpoch;
        return new TrainingProgress(
            finished?.Epoch ?? Epoch + 1,
            options.Epochs,
            finished is null || Batch > 0 ? Batch : plan.BatchesPerEpoch,
            plan.BatchesPerEpoch,
            Step,
            LastLoss,
            finished?.Loss ?? Loss,
            finished is null ? Accuracy : finished.Accuracy,
            perSecond,
            TimeSpan.FromSeconds(perSecond > 0 ? Math.Max(samplesLeft / perSecond, 0) : 0),
            finished);
    }
}
