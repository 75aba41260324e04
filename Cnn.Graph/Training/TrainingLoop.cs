using System.Diagnostics;
using Cnn.Graph.Data;
using Cnn.Graph.Evaluation;

namespace Cnn.Graph.Training;

/// <summary>What the loop moves: something that trains batches, is measured, and writes itself down.</summary>
internal interface ILoopTarget
{
    /// <summary>Trains one batch.</summary>
    /// <returns>The mean loss and the right answers (null where the loss has no such notion), both before the step.</returns>
    (float Loss, long? Correct) Train(BatchFiller filler, ReadOnlySpan<int> samples, double learningRate, long step);

    EvaluationResult Measure(ImageDataset validation, Normalization normalization, CancellationToken cancellationToken);

    void SaveCheckpoint(string path);

    /// <exception cref="CnnGraphException">The file is no checkpoint, and is not to be lost.</exception>
    void RequireReplaceable(string path);
}

/// <summary>Passes over a training set up to the epochs and steps of the options, whatever it is that trains.</summary>
internal sealed class TrainingLoop(TrainingOptions options, ILoopTarget target)
{
    private readonly Stopwatch _sinceCheckpoint = new();
    private int _isRunning;

    /// <summary>Where training stands.</summary>
    public TrainingState State { get; set; } = TrainingState.Start;

    /// <summary>The last checkpoint that was written or read; null before.</summary>
    public string? LastCheckpoint { get; set; }

    /// <summary>What the trained model will say of itself; empty before the first pass.</summary>
    public ModelCard Card { get; private set; } = new();

    private bool HasReachedLimit => State.Step >= options.MaxSteps;

    /// <summary>The passes that are left.</summary>
    /// <param name="filler">The training set.</param>
    /// <param name="plan">The order of its samples.</param>
    /// <param name="validation">The set that is measured after every pass; may be missing.</param>
    /// <param name="progress">Told after every batch and every pass.</param>
    /// <param name="cancellationToken">Stops after the present batch; a checkpoint is written first where a path was given.</param>
    /// <returns>The results of all passes, of one that the limit on the steps cut short too.</returns>
    /// <exception cref="InvalidOperationException">It is running already.</exception>
    public IReadOnlyList<EpochResult> Run(
        BatchFiller filler, BatchPlan plan, ImageDataset? validation, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _isRunning, 1) == 1)
        {
            throw new InvalidOperationException("This trainer is training already. Wait for it, or make another trainer.");
        }

        try
        {
            Card = new ModelCard { Normalization = filler.Normalization, LabelNames = filler.Dataset.LabelNames, Facts = options.Facts };
            Begin();
            EpochResult? last = RunEpochs(filler, plan, validation, progress, cancellationToken);
            return last is null ? State.History : [.. State.History, last];
        }
        catch (OperationCanceledException)
        {
            SaveIfWanted();
            throw;
        }
        finally
        {
            _isRunning = 0;
        }
    }

    private void Begin()
    {
        _sinceCheckpoint.Restart();
        if (options.CheckpointPath is { } path && File.Exists(path))
        {
            target.RequireReplaceable(path);
        }
        else
        {
            // Shows a place that cannot hold it before work is done, and makes sure that there always is one to go on from.
            SaveIfWanted();
        }
    }

    /// <returns>The result of a pass that the limit on the steps cut short; null where the last pass is whole.</returns>
    private EpochResult? RunEpochs(
        BatchFiller filler, BatchPlan plan, ImageDataset? validation, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        while (State.Epoch < options.Epochs && (State.Samples > 0 || !HasReachedLimit))
        {
            RunEpoch(filler, plan, progress, cancellationToken);
            EvaluationResult? measured = validation is null ? null : target.Measure(validation, filler.Normalization, cancellationToken);
            EpochResult result = State.Finish(measured, options.Loss.IsCrossEntropy);
            bool isWhole = State.Batch == plan.BatchesPerEpoch;
            if (isWhole)
            {
                State = State.NextEpoch(result);
            }

            progress?.Report(State.ToProgress(plan, options, result));
            SaveIfWanted();
            if (!isWhole)
            {
                // The state stays within the pass, so that a checkpoint of it can go on under a higher limit.
                return result;
            }
        }

        return null;
    }

    private void RunEpoch(BatchFiller filler, BatchPlan plan, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        long before = Stopwatch.GetTimestamp();
        foreach (ReadOnlyMemory<int> batch in plan.Batches(State.Epoch, State.Batch).TakeWhile(_ => !HasReachedLimit))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var position = new ScheduleProgress(State.Step, plan.BatchesPerEpoch, options.Epochs) { History = State.History };
            double rate = options.Optimizer.LearningRate * options.Schedule(position);
            (float loss, long? correct) = target.Train(filler, batch.Span, rate, State.Step);
            State.RequireFinite(loss, LastCheckpoint, options.Precision);
            long now = Stopwatch.GetTimestamp();
            State = State.Advance(batch.Length, loss, correct, Stopwatch.GetElapsedTime(before, now).TotalSeconds);
            before = now;
            progress?.Report(State.ToProgress(plan, options));
            if (_sinceCheckpoint.Elapsed > options.CheckpointInterval)
            {
                SaveIfWanted();
            }
        }
    }

    private void SaveIfWanted()
    {
        if (options.CheckpointPath is { } path)
        {
            target.SaveCheckpoint(path);
            _sinceCheckpoint.Restart();
        }
    }
}
