using Cnn.Graph.Ir;
using Cnn.Graph.Lowering;
using Cnn.Graph.Onnx;
using Cnn.Graph.Operators;
using Cnn.Graph.Tests.Support;
using NUnit.Framework;

namespace Cnn.Graph.Tests.Lowering;

/// <summary>What the portable dialect says, beyond the gradients that are checked elsewhere.</summary>
public class PortableFormsTests
{
    /// <summary>Operators that every execution provider has; a new one belongs here only after a look at DirectML's and WebGPU's lists.</summary>
    private static readonly HashSet<string> Everywhere =
    [
        "Add", "ArgMax", "AveragePool", "Cast", "Concat", "Conv", "ConvTranspose", "Div", "Equal", "Exp", "Expand", "Flatten", "Gather",
        "Gemm", "GlobalAveragePool", "GlobalMaxPool", "HardSigmoid", "Identity", "LeakyRelu", "Log", "MatMul", "Max", "MaxPool", "Min",
        "Mul", "Pad", "ReduceMax", "ReduceMean", "ReduceSum", "Relu", "Reshape", "Resize", "Shape", "Sigmoid", "Slice", "Softmax", "Sqrt",
        "Sub", "Tanh", "Transpose", "Where",
    ];

    private static readonly IReadOnlyList<GradientCase> Cases = GradientCases.All;

    [TestCase(13)]
    [TestCase(17)]
    [TestCase(18)]
    [TestCase(21)]
    public void Gradients_use_only_operators_that_every_provider_has(int opset)
    {
        foreach (GradientCase c in Cases)
        {
            Value loss = c.Output.Sum(c.Output.AllAxes());
            using var runner = new GraphRunner([loss, .. Gradient.Of(loss, c.Leaves)], opset);
            Assert.That(runner.Model.Nodes.Select(n => n.OpType).Except(Everywhere), Is.Empty, c.Name);
        }
    }

    [Test]
    public void Log_softmax_of_large_numbers_does_not_overflow()
    {
        Input x = Tensors.Input("x", 1, 3);
        Assert.That(GraphRunner.Evaluate(x.LogSoftmax(), (x, Tensors.Of(x, 1000, 999, -1000))), Is.EqualTo(new[] { -0.31326166f, -1.3132616f, -2000.3132f }).Within(1e-4f));
    }

    [TestCase(float.NegativeInfinity, 0)]
    [TestCase(-1, 0)]
    [TestCase(-0.0f, 0)]
    [TestCase(0, 0)]
    [TestCase(1e-20f, 1)]
    [TestCase(1, 1)]
    [TestCase(1e30f, 1)]
    [TestCase(float.PositiveInfinity, 1)]
    public void The_mask_of_a_rectifier_is_one_above_zero(float x, float expected)
    {
        Input input = Tensors.Input("x");
        Assert.That(GraphRunner.Evaluate(input.Apply(new PositiveMask(), Label.For("mask")), (input, TensorData.Scalar(x))), Is.EqualTo(new[] { expected }));
    }

    [Test]
    public void Counts_are_constants_once_the_batch_is_bound()
    {
        Assert.Multiple(() =>
        {
            Assert.That(OperatorsOf(Tensors.Input("x", 4, 3)), Is.Empty);
            Assert.That(OperatorsOf(Tensors.BatchInput("x", 3)), Does.Contain("Shape"));
        });

        static IEnumerable<string> OperatorsOf(Input x) =>
            Traversal.TopologicalOrder(PortableDialect.Instance.Lower([x.CountAlong([0, 1])], 17)).Select(n => n.Op.Onnx(17)!.OpType);
    }

    [Test]
    public void An_operator_that_the_dialect_lacks_is_named()
    {
        // The size of a free batch is asked for with an operator that has its present form since opset 15.
        Value count = Graph.Network.Input("x", 3).CountAlong([0]);
        Assert.That(
            () => PortableDialect.Instance.Lower([count], 14),
            Throws.InstanceOf<CnnGraphException>().With.Message.Contains("(ShapeOf)").And.Message.Contains("portable"));
    }

    [Test]
    public void Lowered_nodes_are_named_after_the_layer_that_they_belong_to()
    {
        Value y = Tensors.Input("image", 1, 2, 6, 6).Conv2d(2, kernel: 3, name: "stem").MaxPool2d(2, name: "shrink");
        OnnxModel model = new GraphRunner([.. Gradient.Of(y.Sum(y.AllAxes()), [.. Traversal.Leaves([y])])]).Model;
        string[] unnamed = [.. model.Nodes.Select(n => n.Name).Where(n => !n.Contains("stem", StringComparison.Ordinal) && !n.Contains("shrink", StringComparison.Ordinal))];
        // The sum itself, its gradient and the outputs are no layers.
        Assert.That(unnamed, Is.All.Contain("sum").Or.All.StartsWith("result"));
    }
}
