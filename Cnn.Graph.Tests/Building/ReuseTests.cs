using Cnn.Graph.Building;
using Cnn.Graph.Ir;
using Cnn.Graph.Onnx;
using Cnn.Graph.Tests.Support;
using NUnit.Framework;

namespace Cnn.Graph.Tests.Building;

/// <summary>The same layers on several inputs.</summary>
public class ReuseTests
{
    private static readonly int[] Sample = [2, 6, 6];

    private static Value Tower(Value x) => x.Conv2d(3, kernel: 3).Tanh().Block("head", y => y.Flatten().Dense(4).Sigmoid());

    [Test]
    public void Another_use_has_names_of_its_own_and_the_parameters_of_the_first()
    {
        Value left = Network.Input("left", Sample), right = Network.Input("right", Sample), y = Tower(left);
        Network siamese = (y - right.Reuse(left, y)).Build("siamese");
        Assert.Multiple(() =>
        {
            Assert.That(siamese.Nodes.Select(n => n.Name), Is.EqualTo(new[]
            {
                "conv1", "tanh1", "head/flatten1", "head/dense1", "head/sigmoid1",
                "reuse1/conv1", "reuse1/tanh1", "reuse1/head/flatten1", "reuse1/head/dense1", "reuse1/head/sigmoid1", "sub1",
            }));
            Assert.That(
                siamese.Parameters.Select(p => p.Name),
                Is.EqualTo(new[] { "conv1/weight", "conv1/bias", "head/dense1/weight", "head/dense1/bias" }));
            Assert.That(siamese.ParameterCount, Is.EqualTo(Tower(Network.Input("x", Sample)).Build("one").ParameterCount));
        });
    }

    [Test]
    public void Blocks_that_both_uses_lie_in_are_not_repeated()
    {
        Value left = Network.Input("left", 4), right = Network.Input("right", 4);
        Value both = left.Block("towers", x =>
        {
            Value y = x.Block("first", z => z.Dense(3).Relu());
            return y.Add(right.Reuse(x, y, name: "second"));
        });
        Assert.That(both.Build("net").Nodes.Select(n => n.Name), Is.EqualTo(new[]
        {
            "towers/first/dense1", "towers/first/relu1", "towers/second/first/dense1", "towers/second/first/relu1", "towers/add1",
        }));
    }

    /// <summary>The gradient of a shared parameter is the sum of those that towers with parameters of their own would get.</summary>
    [TestCase(1)]
    [TestCase(2)]
    [TestCase(4)]
    public void A_parameter_used_k_times_gets_the_sum_of_k_gradients(int uses)
    {
        Input[] inputs = [.. Enumerable.Range(0, uses).Select(i => Tensors.Input($"x{i}", [2, .. Sample]))];
        Value first = Tower(inputs[0]);
        Parameter[] shared = Parameters(first);
        IReadOnlyList<float[]> together = Gradients([first, .. inputs.Skip(1).Select(x => x.Reuse(inputs[0], first))], shared);

        var sums = shared.Select(p => new float[p.Shape.CountPerSample()]).ToArray();
        foreach (Input input in inputs)
        {
            Value alone = Tower(input);
            IReadOnlyList<float[]> gradients = Gradients([alone], Parameters(alone));
            for (int p = 0; p < sums.Length; p++)
            {
                sums[p] = [.. sums[p].Zip(gradients[p], (a, b) => a + b)];
            }
        }

        for (int p = 0; p < sums.Length; p++)
        {
            Assert.That(Tensors.Error(together[p], sums[p]), Is.LessThan(1e-6), shared[p].Name);
        }

        // Parameters of the same place in the tower have the same shape, and are fed the same numbers.
        static IReadOnlyList<float[]> Gradients(Value[] outputs, Parameter[] parameters)
        {
            Value loss = outputs.Select(y => (y * y).Sum()).Aggregate((a, b) => a + b);
            IEnumerable<(Value, TensorData)> feeds = Traversal.Leaves(outputs).Select(
                v => (v, Tensors.Uniform(v is Parameter ? $"{Array.IndexOf(parameters, v)}" : v.Name, v.Shape.Sizes())));
            return [.. GraphRunner.Evaluate(Gradient.Of(loss, parameters), GraphRunner.Feeds(feeds)).Select(g => g.Floats())];
        }
    }

    [Test]
    public void The_file_stores_shared_parameters_once()
    {
        Value left = Network.Input("left", Sample), right = Network.Input("right", Sample), y = Tower(left);
        OnnxModel model = Model.Initialize(NetworkBuilder.Build([y, right.Reuse(left, y)], "siamese")).ToOnnx();
        OnnxNode[] convolutions = [.. model.Nodes.Where(n => n.OpType == "Conv")];
        Assert.Multiple(() =>
        {
            Assert.That(
                model.Initializers.Select(i => i.Name),
                Is.EqualTo(new[] { "conv1_weight", "conv1_bias", "head_dense1_weight", "head_dense1_bias" }));
            Assert.That(convolutions.Select(n => n.Inputs[1]), Is.EqualTo(new[] { "conv1_weight", "conv1_weight" }));
            Assert.That(model.Nodes.Select(n => n.Name), Is.Unique);
        });
    }

    [Test]
    public void Each_use_draws_a_mask_of_its_own()
    {
        Value left = Network.Input("left", 4), right = Network.Input("right", 4), y = left.Dense(3).Dropout(0.5);
        Network trained = (y + right.Reuse(left, y) + left.Reuse(left, y)).Build("net").ForTraining().Network;
        Assert.That(
            trained.Inputs.Where(i => i.Kind == InputKind.Noise).Select(i => i.Name),
            Is.EqualTo(new[] { "dropout1/mask", "reuse1/dropout1/mask", "reuse2/dropout1/mask" }));
    }

    /// <summary>A gradient drops what its layer dropped, in the second use as in the first.</summary>
    [Test]
    public void A_reused_gradient_shares_the_mask_of_the_reused_layer()
    {
        Value x = Network.Input("x", 3), other = Network.Input("other", 3), slope = Gradient.Of((x * x).Dropout(0.5).Sum(), x)[0];
        Value both = other.Reuse(x, slope + (x * x).Dropout(0.5));
        Assert.That(both.Build("net").ForTraining().Network.Inputs.Count(i => i.Kind == InputKind.Noise), Is.EqualTo(2));
    }

    [Test]
    public void What_does_not_depend_on_the_start_stays_shared()
    {
        Value left = Network.Input("left", 4), right = Network.Input("right", 4), context = Network.Input("context", 4).Dense(4);
        Value y = left.Tanh().Add(context);
        Value again = right.Reuse(left, y);
        Assert.Multiple(() =>
        {
            Assert.That(again.Producer!.Inputs[1], Is.SameAs(context));
            Assert.That(right.Reuse(right, right), Is.SameAs(right));
        });
    }

    [Test]
    public void Inner_values_can_be_the_start()
    {
        Value x = Network.Input("x", 4), hidden = x.Dense(4).Tanh(), y = hidden.Dense(4).Sigmoid();
        Assert.That(
            y.Reuse(hidden, y).Build("deeper").Nodes.Select(n => n.Name),
            Is.EqualTo(new[] { "dense1", "tanh1", "dense2", "sigmoid1", "reuse1/dense1", "reuse1/sigmoid1" }));
    }

    [Test]
    public void A_siamese_network_is_trained_like_any_other()
    {
        Value image = Network.Input("image", 1, 12, 12);
        Value y = image.Conv2d(4, kernel: 3, padding: 1).Relu().MaxPool2d(2).Flatten().Dense(16).Tanh();
        Network network = y.Add(image.Flip([3]).Reuse(image, y)).Dense(4).Build("mirrored");
        var options = new TrainingOptions { Epochs = 3, BatchSize = 25, Optimizer = Optimizer.Sgd(learningRate: 0.1, momentum: 0.9) };
        using var trainer = new Trainer(network, options);
        TrainingHistory history = trainer.Fit(Digits.Of(400), Digits.Of(100, seed: 2));
        Assert.That(history.Epochs[^1].ValidationAccuracy, Is.GreaterThan(0.9));
    }

    private static Parameter[] Parameters(Value output) => [.. Traversal.Leaves([output]).OfType<Parameter>()];
}
