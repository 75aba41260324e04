using System.Globalization;
using Cnn.Graph.Ir;

namespace Cnn.Graph;

/// <summary>
/// How batch normalisation gathers the mean and the variance that it uses after training. The same number means opposite things in
/// different libraries: PyTorch's momentum 0.1 is TensorFlow's momentum 0.9, here <see cref="Momentum"/> and <see cref="Decay"/>.
/// </summary>
public sealed record RunningAverage
{
    private readonly double _kept;
    private readonly bool _isDebiased;

    private RunningAverage(double kept, bool isDebiased)
    {
        _kept = kept;
        _isDebiased = isDebiased;
    }

    /// <summary>
    /// Whether the variance that is gathered divides by the number of elements less one, an estimate without bias, as in PyTorch, Caffe and
    /// the paper (the default), or by the number of elements, as in TensorFlow's unfused form.
    /// </summary>
    public bool IsVarianceUnbiased { get; init; } = true;

    /// <summary>PyTorch's: new = (1 − momentum) · old + momentum · batch; 0.1 by default there and here.</summary>
    /// <param name="momentum">The share of the batch; 0 ≤ momentum ≤ 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The argument lies outside its range.</exception>
    public static RunningAverage Momentum(double momentum = 0.1) => new(1 - Require(momentum, nameof(momentum)), isDebiased: false);

    /// <summary>
    /// TensorFlow's and Keras's: new = decay · old + (1 − decay) · batch; 0.99 in Keras, 0.9997 in the Inception networks.
    /// </summary>
    /// <param name="decay">The share that is kept; 0 ≤ decay ≤ 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The argument lies outside its range.</exception>
    public static RunningAverage Decay(double decay = 0.99) => new(Require(decay, nameof(decay)), isDebiased: false);

    /// <summary>
    /// Caffe's: like <see cref="Decay"/>, divided by the sum of the weights, so that the numbers at the start (0 and 1) have no part in it.
    /// </summary>
    /// <param name="decay">The share that is kept; 0 ≤ decay ≤ 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The argument lies outside its range.</exception>
    public static RunningAverage Debiased(double decay = 0.999) => new(Require(decay, nameof(decay)), isDebiased: true);

    /// <summary>The plain mean over all batches since the training began, as for the published ResNets.</summary>
    public static RunningAverage Cumulative { get; } = new(1, isDebiased: true);

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{(_isDebiased ? "debiased " : string.Empty)}decay {_kept}{(IsVarianceUnbiased ? string.Empty : ", biased variance")}");

    /// <summary>The averages after a batch.</summary>
    /// <param name="label">The layer.</param>
    /// <param name="old">The averages before it.</param>
    /// <param name="batch">What the batch gives.</param>
    /// <returns>The averages' new values, and what is kept beside them.</returns>
    internal (IReadOnlyList<Value> Next, IReadOnlyList<Update> Kept) Advance(Label label, IReadOnlyList<Value> old, IReadOnlyList<Value> batch)
    {
        if (!_isDebiased)
        {
            return ([.. old.Zip(batch, (a, b) => (_kept * a) + ((1 - _kept) * b))], []);
        }

        // With w the sum of the weights, w' = kept·w + 1, the average of all batches so far is that of before moved by 1/w' towards this one.
        var weight = new State(label.Child("average_weight"), TensorType.Float(), Initializer.Zero);
        Value next = (_kept * weight) + 1;
        return ([.. old.Zip(batch, (a, b) => a + ((b - a) / next))], [new Update(weight, next)]);
    }

    private static double Require(double value, string name) => value is >= 0 and <= 1
        ? value
        : throw new ArgumentOutOfRangeException(name, value, string.Create(CultureInfo.InvariantCulture, $"`{name}` (={value}) must be at least 0 and at most 1."));
}
