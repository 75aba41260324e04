using Cnn.Graph.Data;
using Cnn.Graph.Ir;
using Cnn.Graph.Tests.Support;
using NUnit.Framework;

namespace Cnn.Graph.Tests.Training;

/// <summary>A trained network adapted to other classes.</summary>
public class TransferTests
{
    private static Network Network(int classes) => Graph.Network.Input("image", 1, 12, 12)
        .Conv2d(4, kernel: 3, name: "conv1").BatchNorm(name: "bn1").Relu().MaxPool2d(2)
        .Conv2d(6, kernel: 3, name: "conv2").Relu().Flatten().Dense(classes, name: "fc").Build("small");

    [Test]
    public void A_new_head_keeps_the_rest()
    {
        Model old = Model.Initialize(Network(4), 1);

        Model model = old.ReplaceHead(7, seed: 5);

        Assert.Multiple(() =>
        {
            Assert.That(model.Network.Outputs[0].Shape.ToString(), Is.EqualTo("[N, 7]"));
            Assert.That(model.Network.Variables.Select(v => v.Name), Is.EqualTo(old.Network.Variables.Select(v => v.Name)));
            Assert.That(model.Weights["conv2/weight"], Is.SameAs(old.Weights["conv2/weight"]));
            Assert.That(model.Weights["fc/weight"].Floats(), Is.EqualTo(Model.Initialize(Network(7), 5).Weights["fc/weight"].Floats()));
            Assert.That(model.Weights["fc/bias"].Dims, Is.EqualTo(new long[] { 7 }));
            Assert.That(() => old.ReplaceHead(0), Throws.TypeOf<CnnGraphException>().With.Message.EqualTo("`classes` (=0) must be at least 1."));
        });
    }

    [Test]
    public void Every_head_is_replaced()
    {
        Value trunk = Graph.Network.Input("image", 1, 4, 4).Conv2d(3, kernel: 1, name: "trunk").Relu();
        Value main = trunk.Conv2d(4, kernel: 1, name: "conv10").Relu().GlobalAveragePool().Flatten();
        Network network = NetworkBuilder.Build([main, trunk.Flatten().Dense(4, name: "aux")], "two");

        Model model = Model.Initialize(network).ReplaceHead(2);

        Assert.That(model.Network.Outputs.Select(o => $"{o.Shape}"), Is.EqualTo(new[] { "[N, 2]", "[N, 2]" }));
    }

    [Test]
    public void What_has_no_head_says_so() => Assert.That(
        () => Model.Initialize(Graph.Network.Input("image", 1, 4, 4).Conv2d(3, kernel: 1).Pipe(x => x.Add(x)).Flatten().Build("sum")).ReplaceHead(2),
        Throws.TypeOf<CnnGraphException>().With.Message.Contains("of 'sum' does not come from a dense layer or a convolution alone"));

    [TestCase(0, "")]
    [TestCase(1, "conv1/weight,conv1/bias,bn1/scale,bn1/shift")]
    [TestCase(2, "conv1/weight,conv1/bias,bn1/scale,bn1/shift,conv2/weight,conv2/bias")]
    public void Layers_are_frozen_by_depth(int depth, string names) =>
        Assert.That(string.Join(',', ParameterGroup.FrozenTo(Network(4), depth).Select(g => g.Pattern)), Is.EqualTo(names));

    /// <summary>The kernels of C3 are laid out by its table before it takes them.</summary>
    [Test]
    public void What_prepares_weights_is_as_deep_as_the_layer_that_takes_them()
    {
        Network lenet = Graph.Architectures.LeNet.Original.Build();
        string[] one = [.. ParameterGroup.FrozenTo(lenet, 1).Select(g => g.Pattern)], two = [.. ParameterGroup.FrozenTo(lenet, 2).Select(g => g.Pattern)];
        Assert.That(one, Has.Some.StartsWith("c1/").And.Some.StartsWith("s2/").And.None.StartsWith("c3/"));
        Assert.That(two.Except(one), Has.Some.StartsWith("c3/").And.Some.StartsWith("s4/").And.None.StartsWith("c5/"));
    }

    /// <summary>Statistics of the frozen normalisation too: the features that the new layers learn from stay the same.</summary>
    [Test]
    public void Training_leaves_frozen_layers_as_they_are()
    {
        ImageDataset data = Digits.Of(120);
        Model start = Model.Initialize(Network(4), 1).ReplaceHead(4, seed: 2);
        using var trainer = new Trainer(start, new TrainingOptions
        {
            Optimizer = Optimizer.Sgd(learningRate: 0.05, momentum: 0.9) with { Groups = ParameterGroups.DecayOfWeightsOnly.After(ParameterGroup.FrozenTo(start.Network, 1)) },
            Epochs = 4,
            BatchSize = 16,
            Device = Device.Cpu,
        });

        TrainingHistory history = trainer.Fit(data);

        string[] unchanged = [.. start.Weights.Where(w => w.Value.Bytes.SequenceEqual(trainer.Model.Weights[w.Key].Bytes)).Select(w => w.Key)];
        Assert.That(unchanged, Is.EqualTo(new[] { "conv1/weight", "conv1/bias", "bn1/scale", "bn1/shift", "bn1/mean", "bn1/variance" }));
        Assert.That(history.Epochs[^1].Loss, Is.LessThan(history.Epochs[0].Loss / 2));
    }
}
