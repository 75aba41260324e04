using System.Globalization;
using Cnn.Graph.Ir;
using Cnn.Graph.Losses;

namespace Cnn.Graph;

/// <summary>
/// What training makes small: a scalar of the network's outputs and of what they should have been. Losses print their settings, so that
/// checkpoints can tell them apart.
/// </summary>
public abstract record Loss
{
    /// <summary>Terms of the parameters that are added to the loss; none by default.</summary>
    public Penalties Penalties { get; init; } = new();

    /// <summary>
    /// Softmax followed by cross-entropy, the mean over the batch of −log p(label). The network gives scores ("logits"); where it ends
    /// in a softmax, the loss takes the scores before it. The target is a class label [N] from 0 (64-bit integers).
    /// </summary>
    /// <param name="labelSmoothing">
    /// How much of the target is spread evenly over all classes (Szegedy et al., 2016: 0.1), so that the right one gets 1 − e + e/K; 0 ≤ e
    /// &lt; 1.
    /// </param>
    /// <param name="classWeights">A factor for the samples of each class; the mean is then weighted too. None by default.</param>
    /// <param name="ignoredLabel">A label whose samples do not count, if there is one.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument lies outside its range.</exception>
    public static Loss SoftmaxCrossEntropy(double labelSmoothing = 0, IEnumerable<double>? classWeights = null, long? ignoredLabel = null) =>
        new SoftmaxCrossEntropyLoss(labelSmoothing, classWeights, ignoredLabel);

    /// <summary>
    /// The criterion of LeNet-5 (LeCun et al., 1998, eq. 9), the mean over the batch of y + log(exp(−j) + Σ exp(−y_i)) where y_i is the
    /// squared distance to the prototype of class i and y that of the right class: it draws the output to the right prototype and pushes
    /// the others away, the less the farther they are. The network gives the negative distances, as
    /// <see cref="RadialBasisLayers.RbfOutput"/> does. The target is a class label [N] from 0.
    /// </summary>
    /// <param name="j">
    /// The distance at which a class for rubbish lies, which keeps prototypes that are far already from being pushed on; above 0. The paper
    /// names no number.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">The argument lies outside its range.</exception>
    public static Loss MaximumAPosteriori(double j = 0.1) =>
        new MaximumAPosterioriLoss(Require(j, j > 0 && double.IsFinite(j), nameof(j), "a finite number above 0"));

    /// <summary>
    /// Sigmoid followed by cross-entropy, the mean over all elements of −t·log p − (1 − t)·log(1 − p), p = sigmoid(score), without
    /// overflow. The target has the output's shape, 0 to 1.
    /// </summary>
    public static Loss SigmoidCrossEntropy() => new SigmoidCrossEntropyLoss();

    /// <summary>
    /// The mean over all elements of (output − target)². The target has the output's shape; labelled pictures are trained towards 1 for
    /// the right class and 0 for the others.
    /// </summary>
    public static Loss MeanSquaredError() => new MeanSquaredErrorLoss();

    /// <summary>½ Σ (output − target)² over the outputs of a sample, the mean over the batch: the quadratic loss of textbooks.</summary>
    public static Loss Quadratic() => new QuadraticLoss();

    /// <summary>The mean over all elements of |output − target|.</summary>
    public static Loss MeanAbsoluteError() => new MeanAbsoluteErrorLoss();

    /// <summary>
    /// The mean over all elements of ½d² where |d| ≤ delta and delta·(|d| − ½delta) beyond, d = output − target (Huber, 1964).
    /// </summary>
    /// <param name="delta">Where the parabola becomes a line; above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The argument lies outside its range.</exception>
    public static Loss Huber(double delta = 1) => new HuberLoss(Require(delta, delta > 0 && double.IsFinite(delta), nameof(delta), "a finite number above 0"));

    /// <summary>
    /// A weighted sum over the network's outputs, in their order: GoogLeNet's two auxiliary classifiers count 0.3 each.
    /// The same target serves them all.
    /// </summary>
    /// <param name="heads">For each output, its weight and its loss.</param>
    /// <exception cref="ArgumentException">There is no head, or a weight is not a finite number.</exception>
    public static Loss Weighted(params IReadOnlyList<(double Weight, Loss Loss)> heads) => new WeightedLoss(heads);

    /// <summary>Whether the loss is a form of the cross-entropy that evaluation measures.</summary>
    internal virtual bool IsCrossEntropy => false;

    /// <summary>The input that holds what the output should have been.</summary>
    /// <param name="output">The network's main output.</param>
    internal abstract Input Target(Value output);

    /// <summary>The scalar, without penalties.</summary>
    internal abstract Value Of(IReadOnlyList<Value> outputs, Value target);

    /// <summary>How many samples of the batch were answered rightly, as a float scalar; null where the question makes no sense.</summary>
    internal virtual Value? CountCorrect(Value output, Value target) => null;

    private protected static double Require(double value, bool isRight, string name, string expected) => isRight
        ? value
        : throw new ArgumentOutOfRangeException(name, value, string.Create(CultureInfo.InvariantCulture, $"`{name}` (={value}) must be {expected}."));
}
