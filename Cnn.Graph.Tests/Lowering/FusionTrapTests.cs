using Cnn.Graph.Architectures;
using Cnn.Graph.Ir;
using Cnn.Graph.Lowering;
using Cnn.Graph.Operators;
using Cnn.Graph.Tests.Support;
using Cnn.Graph.Training;
using NUnit.Framework;

namespace Cnn.Graph.Tests.Lowering;

/// <summary>Nothing that is emitted may be a form that DirectML cannot load. Needs no DirectML.</summary>
public class FusionTrapTests
{
    private static IEnumerable<TestCaseData> Networks =>
    [
        .. new[] { 1, 7, 32 }.Select(n => Case($"LeNet-5, batch {n}", Architecture.Find("lenet5").Build(), n)),
        .. from id in new[] { "tdnn", "lenet5-original", "alexnet-grouped", "zfnet", "nin", "vgg11_bn", "deepface", "all-cnn-c" }
           from n in new[] { 1, 3 }
           select Case($"{id}, batch {n}", Architecture.Find(id).Build(), n),
        .. new[] { 1, 3 }.Select(n => Case($"every layer, batch {n}", Support.Networks.EveryLayer(), n)),
        .. from channels in new[] { 1, 3 }
           from outputs in new[] { 1, 5, 6 }
           from kernel in new Size2[] { 1, 3, (1, 3), (3, 2), 5 }
           select Case(
               $"{channels} to {outputs}, kernel {kernel}",
               Network.Input("image", channels, 9, 9).Conv2d(3, kernel: 1).Tanh().Conv2d(outputs, kernel).Tanh().Flatten().Dense(3).Build("one"),
               3),
    ];

    private static IEnumerable<TestCaseData> Cases => GradientCases.All.Select(c => new TestCaseData(c).SetArgDisplayNames(c.Name));

    [TestCaseSource(nameof(Networks))]
    public void No_training_step_holds_it(Network network)
    {
        TrainGraph graph = TrainGraph.Of(network, Loss.SoftmaxCrossEntropy(), Optimizer.Sgd(0.05, momentum: 0.9, weightDecay: 5e-4));
        RequireNone([graph.Loss, .. graph.Updates.Select(u => u.Next)]);
    }

    [TestCaseSource(nameof(Cases))]
    public void No_gradient_holds_it(GradientCase c)
    {
        Value loss = (c.Output * c.Output).Sum(c.Output.AllAxes());
        RequireNone([.. Gradient.Of(loss, c.Leaves).Select(g => g.Tanh())]);
    }

    /// <summary>What DirectML 1.15.4 does with a Tanh before and behind.</summary>
    [TestCase("25,6", "5,5,6", "2,0,1", ExpectedResult = true)]
    [TestCase("25,6", "5,5,6", "1,0,2", ExpectedResult = true)]
    [TestCase("25,6", "1,5,5,6", "3,0,1,2", ExpectedResult = true)]
    [TestCase("27,7", "3,3,3,7", "0,3,1,2", ExpectedResult = true)]
    [TestCase("25,6", "5,5,6", "0,2,1", ExpectedResult = false)]
    [TestCase("25,6", "5,5,6", "1,2,0", ExpectedResult = false)]
    [TestCase("7,27", "7,3,3,3", "1,0,2,3", ExpectedResult = false)]
    [TestCase("20,6", "4,5,6", "2,0,1", ExpectedResult = false)] // 120 elements
    public bool A_Reshape_that_splits_and_a_Transpose(string from, string split, string order)
    {
        Value x = Tensors.Input("x", Ints(from)).Tanh().ReshapeTo([.. Ints(split).Select(d => (Dimension)(long)d)]).TransposeBy(Ints(order)).Tanh();
        return FusionTrap.Find([x]).Count > 0;
    }

    /// <summary>The same, turned round by ONNX Runtime.</summary>
    [TestCase("25,6", "1,0", "6,1,5,5", ExpectedResult = true)]
    [TestCase("25,6", "1,0", "6,5,5", ExpectedResult = true)]
    [TestCase("15,6", "1,0", "6,3,1,5", ExpectedResult = true)]
    [TestCase("3,9,7", "0,2,1", "3,7,3,3", ExpectedResult = true)]
    [TestCase("1,25,6", "0,2,1", "6,1,5,5", ExpectedResult = false)]
    [TestCase("3,1,9,7", "0,1,3,2", "3,7,3,3", ExpectedResult = false)]
    [TestCase("25,6", "1,0", "3,2,5,5", ExpectedResult = false)]
    [TestCase("25,6", "1,0", "6,1,25", ExpectedResult = false)]
    [TestCase("150,16", "1,0", "16,6,5,5", ExpectedResult = false)] // 2400 elements
    public bool A_Transpose_and_a_Reshape_that_splits(string from, string order, string split)
    {
        Value x = Tensors.Input("x", Ints(from)).Tanh().TransposeBy(Ints(order)).ReshapeTo([.. Ints(split).Select(d => (Dimension)(long)d)]).Tanh();
        return FusionTrap.Find([x]).Count > 0;
    }

    [Test]
    public void A_sum_in_between_does_not_help_and_a_product_behind_does()
    {
        Value moved = Tensors.Input("x", 3, 45, 7).Tanh().TransposeBy(0, 2, 1).Sum([0]).ReshapeTo(7, 5, 3, 3);
        Value product = new Node(new MatMul(), Label.For("product"), [moved, Tensors.Input("y", 3, 2)]).Output;
        Assert.That(FusionTrap.Find([moved.Tanh()]), Has.Count.EqualTo(1));
        Assert.That(FusionTrap.Find([product]), Is.Empty);
    }

    private static void RequireNone(IReadOnlyList<Value> values) =>
        Assert.That(FusionTrap.Find(PortableDialect.Instance.Lower(values, Model.DefaultOpset)), Is.Empty);

    private static TestCaseData Case(string name, Network network, int batch) => new TestCaseData(network.WithBatch(batch)).SetArgDisplayNames(name);

    private static int[] Ints(string list) => [.. list.Split(',').Select(int.Parse)];
}
