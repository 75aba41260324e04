using Cnn.Graph.Ir;
using Cnn.Graph.Operators;
using Cnn.Graph.Tests.Support;
using NUnit.Framework;

namespace Cnn.Graph.Tests;

public class LossTests
{
    [Test]
    public void Cross_entropy_of_a_known_score() =>
        Assert.That(CrossEntropy([2, 1, 0, -1], [0], 1).Loss, Is.EqualTo(0.44018969856119533).Within(1e-7));

    [Test]
    public void Cross_entropy_is_the_mean_over_the_batch()
    {
        double first = CrossEntropy([2, 1, 0, -1], [0], 1).Loss, second = CrossEntropy([0, 0, 0, 0], [2], 1).Loss;
        Assert.Multiple(() =>
        {
            Assert.That(second, Is.EqualTo(Math.Log(4)).Within(1e-6));
            Assert.That(CrossEntropy([2, 1, 0, -1, 0, 0, 0, 0], [0, 2], 2).Loss, Is.EqualTo((first + second) / 2).Within(1e-6));
        });
    }

    /// <summary>The gradient with respect to the scores is (softmax − one-hot) / batch.</summary>
    [Test]
    public void The_gradient_of_cross_entropy_is_softmax_minus_the_truth()
    {
        float[] gradient = CrossEntropy([2, 1, 0, -1, 0, 0, 0, 0], [0, 2], 2).Gradient;
        double sum = Math.Exp(2) + Math.Exp(1) + Math.Exp(0) + Math.Exp(-1);
        float[] expected =
        [
            (float)((Math.Exp(2) / sum) - 1) / 2, (float)(Math.Exp(1) / sum) / 2, (float)(1 / sum) / 2, (float)(Math.Exp(-1) / sum) / 2,
            0.125f, 0.125f, -0.375f, 0.125f,
        ];
        Assert.That(Tensors.Error(gradient, expected), Is.LessThan(1e-6));
    }

    /// <summary>exp(1000) is infinite in float; the loss must not go through it.</summary>
    [Test]
    public void Large_scores_do_not_overflow()
    {
        (double loss, float[] gradient, _) = CrossEntropy([1000, 0, -1000, 500], [1], 1);
        Assert.Multiple(() =>
        {
            Assert.That(loss, Is.EqualTo(1000).Within(1e-3));
            Assert.That(gradient, Is.EqualTo(new float[] { 1, -1, 0, 0 }));
        });
    }

    [Test]
    public void A_network_that_ends_in_softmax_loses_the_same()
    {
        Assert.That(CrossEntropy([2, 1, 0, -1], [0], 1, scores => scores.Softmax()).Loss, Is.EqualTo(0.44018969856119533).Within(1e-7));
        Assert.That(CrossEntropy([1000, 0, -1000, 500], [1], 1, scores => scores.Softmax()).Loss, Is.EqualTo(1000).Within(1e-3));
    }

    [TestCase(new float[] { 2, 1, 0, 0, 3, 1, 0, 0, 5 }, 3)]
    [TestCase(new float[] { 1, 2, 0, 0, 3, 1, 9, 0, 5 }, 1)]
    [TestCase(new float[] { 1, 2, 0, 3, 0, 1, 9, 0, 5 }, 0)]
    public void Right_answers_are_those_with_the_highest_score(float[] scores, int expected) =>
        Assert.That(CrossEntropy(scores, [0, 1, 2], 3).Correct, Is.EqualTo(expected));

    /// <summary>As ONNX's ArgMax has it, the first of equal scores is the answer.</summary>
    [Test]
    public void Of_equal_scores_the_first_is_the_answer() =>
        Assert.That(CrossEntropy([1, 1, 1, 1, 1, 1], [0, 1], 2).Correct, Is.EqualTo(1));

    [Test]
    public void Squared_error_is_the_mean_over_all_elements()
    {
        Input output = Tensors.Input("output", 2, 2);
        Loss loss = Loss.MeanSquaredError();
        Input target = loss.Target(output);
        Value scalar = loss.Of([output], target);
        IReadOnlyList<TensorData> results = GraphRunner.Evaluate(
            [scalar, .. Gradient.Of(scalar, output)],
            GraphRunner.Feeds([(output, Tensors.Of(output, 1, 2, 3, 4)), (target, Tensors.Of(output, 1, 0, 3, 5))]));
        Assert.Multiple(() =>
        {
            Assert.That(results[0].Floats()[0], Is.EqualTo(1.25f));
            Assert.That(results[1].Floats(), Is.EqualTo(new[] { 0, 1, 0, -0.5f }));
            Assert.That(loss.CountCorrect(output, target), Is.Null);
        });
    }

    [TestCase(0.0, 0.44018969856119533)]
    [TestCase(0.1, 0.5901896985611954)]
    public void Smoothed_labels_spread_over_all_classes(double smoothing, double expected) =>
        Assert.That(Number(Loss.SoftmaxCrossEntropy(smoothing), [2, 1, 0, -1], Constants.Vector(0)), Is.EqualTo(expected).Within(1e-6));

    /// <summary>
    /// With a thousand classes and a smoothing of 0.1 the right one gets 0.9001 and every other 0.0001; the slope is p less that.
    /// </summary>
    [Test]
    public void The_smoothed_target_of_a_thousand_classes()
    {
        Input scores = Tensors.Input("scores", 1, 1000);
        Value loss = Loss.SoftmaxCrossEntropy(0.1).Of([scores], Constants.Vector(7));
        float[] slopes = GraphRunner.Evaluate(Gradient.Of(loss, scores)[0], (scores, Tensors.Of(scores, new float[1000])));
        Assert.That(slopes.Select(s => 0.001 - s), Is.EqualTo(Enumerable.Range(0, 1000).Select(k => k == 7 ? 0.9001 : 0.0001)).Within(1e-6));
    }

    /// <summary>GoogLeNet's L + 0.3·L₁ + 0.3·L₂, Inception-v3's L + 0.4·L₁, here of heads that answer alike or evenly.</summary>
    [TestCase(0.3, 0.3)]
    [TestCase(0.4)]
    public void Auxiliary_heads_count_with_their_weights(params double[] weights)
    {
        Input scores = Tensors.Input("scores", 1, 4);
        (double, Loss)[] heads = [(1, Loss.SoftmaxCrossEntropy()), .. weights.Select(w => (w, Loss.SoftmaxCrossEntropy()))];
        Value loss = Loss.Weighted(heads).Of([scores, .. weights.Select((_, i) => i == 0 ? scores : 0 * scores)], Constants.Vector(0));
        double[] losses = [0.44018969856119533, .. weights.Select((_, i) => i == 0 ? 0.44018969856119533 : Math.Log(4))];
        Assert.That(
            GraphRunner.Evaluate(loss, (scores, Tensors.Of(scores, 2, 1, 0, -1)))[0],
            Is.EqualTo(losses.Zip(weights.Prepend(1), (l, w) => l * w).Sum()).Within(1e-6));
    }

    /// <summary>½ Σ (t − y)² of a sample.</summary>
    [Test]
    public void The_quadratic_loss_of_the_exercises() =>
        Assert.That(Number(Loss.Quadratic(), [1, 2, 3], Constants.Floats([0, 2, 5], [1, 3])), Is.EqualTo(2.5));

    [TestCase(-0.5f, 0.125)]
    [TestCase(1, 0.5)]
    [TestCase(3, 2.5)]
    [TestCase(-3, 2.5)]
    public void Huber_is_a_parabola_that_becomes_a_line(float difference, double expected) =>
        Assert.That(Number(Loss.Huber(1), [difference], Constants.Floats([0], [1, 1])), Is.EqualTo(expected).Within(1e-6));

    [Test]
    public void A_batch_of_ignored_samples_loses_nothing() =>
        Assert.That(Number(Loss.SoftmaxCrossEntropy(ignoredLabel: -100), [2, 1, 0, -1], Constants.Vector(-100)), Is.Zero);

    [Test]
    public void Large_scores_do_not_overflow_in_a_sigmoid() =>
        Assert.That(Number(Loss.SigmoidCrossEntropy(), [-1000, 1000], Constants.Floats([1, 1], [1, 2])), Is.EqualTo(500).Within(1e-3));

    [Test]
    public void Weights_for_other_classes_are_refused() => Assert.That(
        () => Number(Loss.SoftmaxCrossEntropy(classWeights: [1, 2]), [2, 1, 0, -1], Constants.Vector(0)),
        Throws.InstanceOf<CnnGraphException>().With.Message.Contains("weights for 2 classes").And.Message.Contains("tells 4 apart"));

    [Test]
    public void More_heads_than_outputs_are_refused() => Assert.That(
        () => Number(Loss.Weighted((1, Loss.SoftmaxCrossEntropy()), (0.3, Loss.SoftmaxCrossEntropy())), [2, 1], Constants.Vector(0)),
        Throws.InstanceOf<CnnGraphException>().With.Message.Contains("weighs 2 outputs"));

    [Test]
    public void Numbers_out_of_range_are_refused() => Assert.Multiple(() =>
    {
        Assert.That(() => Loss.SoftmaxCrossEntropy(1), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => Loss.SoftmaxCrossEntropy(classWeights: [-1]), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => Loss.Huber(0), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => Loss.Weighted(), Throws.ArgumentException);
        Assert.That(() => Penalty.L1(double.NaN), Throws.InstanceOf<ArgumentOutOfRangeException>());
    });

    [Test]
    public void Penalties_are_laid_on_the_parameters_that_their_pattern_names()
    {
        var a = new Parameter(Label.Fixed("a/weight"), TensorType.Float(2), Initializer.Constant(-2), ParameterRole.Weight);
        var b = new Parameter(Label.Fixed("b/weight"), TensorType.Float(2), Initializer.Constant(3), ParameterRole.Weight);
        Value zero = Constants.Scalar(0);
        Value all = new Penalties(Penalty.L2(0.5), Penalty.L1(0.1, "a/*")).AddTo(zero, [a, b]);
        IReadOnlyList<TensorData> results = GraphRunner.Evaluate(
            [all, .. Gradient.Of(all, a, b)], GraphRunner.Feeds([(a, a.Initializer.Draw(a, 0)), (b, b.Initializer.Draw(b, 0))]));
        Assert.Multiple(() =>
        {
            Assert.That(results[0].Floats()[0], Is.EqualTo((0.25f * (8 + 18)) + (0.1f * 4)).Within(1e-5));
            Assert.That(results[1].Floats(), Is.All.EqualTo(-1.1f).Within(1e-6));
            Assert.That(results[2].Floats(), Is.All.EqualTo(1.5f).Within(1e-6));
            Assert.That(() => Penalty.L1(1, "nobody").Of([a]), Throws.InstanceOf<CnnGraphException>().With.Message.Contains("'nobody'"));
        });
    }

    [Test]
    public void Cross_entropy_of_pictures_is_refused_with_a_hint() => Assert.That(
        () => Loss.SoftmaxCrossEntropy().Target(Tensors.Input("map", 1, 3, 4, 4)),
        Throws.InstanceOf<CnnGraphException>().With.Message.Contains("'map' is [1, 3, 4, 4]").And.Message.Contains("Flatten"));

    /// <summary>The loss of one sample.</summary>
    private static double Number(Loss loss, float[] output, Value target)
    {
        Input input = Tensors.Input("output", 1, output.Length);
        return GraphRunner.Evaluate([loss.Of([input], target)], GraphRunner.Feeds([(input, Tensors.Of(input, output))]))[0].Floats()[0];
    }

    private static (double Loss, float[] Gradient, float Correct) CrossEntropy(float[] scores, long[] labels, int batch, Func<Value, Value>? last = null)
    {
        Input input = Tensors.Input("scores", batch, scores.Length / batch);
        Value output = last is null ? input : last(input);
        Loss loss = Loss.SoftmaxCrossEntropy();
        Input target = loss.Target(output);
        Value scalar = loss.Of([output], target);
        IReadOnlyList<TensorData> results = GraphRunner.Evaluate(
            [scalar, .. Gradient.Of(scalar, input), loss.CountCorrect(output, target)!],
            GraphRunner.Feeds([(input, Tensors.Of(input, scores)), (target, TensorData.Vector<long>(labels))]));
        return (results[0].Floats()[0], results[1].Floats(), results[2].Floats()[0]);
    }
}
