namespace Cnn.Graph;

/// <summary>What one pass over the training set brought.</summary>
/// <param name="Epoch">The number of the pass, from 1.</param>
/// <param name="Loss">The mean loss over the pass, each batch measured before its step.</param>
/// <param name="Accuracy">The share of right answers over the pass, likewise; null where the loss has no such notion.</param>
/// <param name="ValidationLoss">
/// The mean cross-entropy on the validation set after the pass, without label smoothing and weights; null without such a set, and for
/// losses other than softmax cross-entropy.
/// </param>
/// <param name="ValidationAccuracy">The share of right answers on the validation set after the pass; null without one.</param>
/// <param name="Seconds">The time that the pass took, validation not counted.</param>
/// <param name="ImagesPerSecond">Training samples a second.</param>
public sealed record EpochResult(
    int Epoch, double Loss, double? Accuracy, double? ValidationLoss, double? ValidationAccuracy, double Seconds, double ImagesPerSecond);

/// <summary>What training brought.</summary>
/// <param name="Epochs">A result for every pass, the last one perhaps cut short by a limit on the steps.</param>
/// <param name="Steps">The number of steps in all.</param>
/// <param name="Device">The device that it ran on.</param>
public sealed record TrainingHistory(IReadOnlyList<EpochResult> Epochs, long Steps, Device Device);

/// <summary>Where training stands after a step.</summary>
/// <param name="Epoch">The number of the pass, from 1.</param>
/// <param name="Epochs">The number of passes planned.</param>
/// <param name="Batch">The number of batches done in this pass.</param>
/// <param name="Batches">The number of batches in a pass.</param>
/// <param name="Step">The number of steps done in all.</param>
/// <param name="StepLoss">The loss of the last batch, before its step.</param>
/// <param name="Loss">The mean loss of this pass so far.</param>
/// <param name="Accuracy">The share of right answers of this pass so far; null where the loss has no such notion.</param>
/// <param name="ImagesPerSecond">Training samples a second in this pass.</param>
/// <param name="Remaining">The time that the rest will take at this speed.</param>
/// <param name="Finished">The result of the pass, with the last report of each pass only.</param>
public sealed record TrainingProgress(
    int Epoch,
    int Epochs,
    int Batch,
    int Batches,
    long Step,
    double StepLoss,
    double Loss,
    double? Accuracy,
    double ImagesPerSecond,
    TimeSpan Remaining,
    EpochResult? Finished);
