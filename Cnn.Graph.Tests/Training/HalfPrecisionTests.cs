using Cnn.Graph.Data;
using Cnn.Graph.Ir;
using Cnn.Graph.Lowering;
using Cnn.Graph.Operators;
using Cnn.Graph.Tests.Support;
using Cnn.Graph.Training;
using NUnit.Framework;

namespace Cnn.Graph.Tests.Training;

/// <summary>Training in 16 bits. The CPU does it too, by rounding.</summary>
public class HalfPrecisionTests
{
    private const string Scale = "optimizer/loss_scale", Steps = "optimizer/loss_scale_steps";

    private static readonly ImageDataset Set = Digits.Of(8);

    private static TrainingOptions Options => new()
    {
        Device = Device.Cpu,
        BatchSize = 8,
        Epochs = 20,
        Seed = 3,
        Optimizer = Optimizer.Adam(0.01),
        Precision = TrainingPrecision.Float16,
    };

    [Test]
    public void It_learns_nearly_as_in_32_bits()
    {
        DeviceComparison comparison = DeviceComparison.Of(
            Digits.Network(average: RunningAverage.Decay(0.9)), Set, Options with { Optimizer = Optimizer.Sgd(0.02), Epochs = 15 });
        Assert.That(comparison.Losses[^1], Is.LessThan(0.6 * comparison.Losses[0]));
        Assert.That(comparison.LossDeviation, Is.GreaterThan(1e-6).And.LessThan(1e-2));
        Assert.That(comparison.Distance, Is.GreaterThan(1e-6).And.LessThan(1e-2));
        Assert.That(comparison.Repeats);
    }

    /// <summary>Products in 16 bits; variables, what comes in and what goes out in 32.</summary>
    [Test]
    public void Products_have_16_bits_and_variables_32()
    {
        TrainGraph graph = TrainGraph.Of(
            Digits.Network(), Loss.SoftmaxCrossEntropy(), Optimizer.Sgd(0.05, momentum: 0.9), lossScale: 1024);
        Value[] values = [graph.Loss, .. graph.Updates.Select(u => u.Next)];
        IReadOnlyList<Value> mixed = HalfPrecision.Apply(PortableDialect.Instance.Lower(values, Model.DefaultOpset));
        IReadOnlyList<Node> nodes = Traversal.TopologicalOrder(mixed);
        Assert.Multiple(() =>
        {
            Assert.That(nodes.SelectMany(n => n.Faults), Is.Empty);
            Assert.That(mixed.Select(v => v.Type.Element), Is.All.EqualTo(ElementType.Float));
            Assert.That(TypesOf("Conv", "ConvTranspose", "Gemm", "MatMul"), Has.Length.GreaterThan(6).And.All.EqualTo(ElementType.Float16));
            Assert.That(TypesOf("ReduceSum", "Exp", "Div", "Log"), Has.Length.GreaterThan(6).And.All.EqualTo(ElementType.Float));
            Assert.That(TypesOf("Relu")[0], Is.EqualTo(ElementType.Float16), "what follows a product");
        });

        ElementType[] TypesOf(params string[] operators) =>
        [
            .. nodes.Where(n => operators.Contains(n.Op.Name) && !n.Inputs.Any(i => i is Constant)).Select(n => n.Output.Type.Element),
        ];
    }

    /// <summary>Squares of 300 have no place in 16 bits; their sums are divided by again.</summary>
    [Test]
    public void Squares_of_large_numbers_do_not_overflow()
    {
        Value x = Network.Input("image", 1, 12, 12).Conv2d(4, kernel: 3) * 300;
        Network network = x.LocalResponseNorm(size: 3).L2Pool2d(2).Flatten().Dense(4).Build("squares");
        IReadOnlyList<Node> nodes = Traversal.TopologicalOrder(HalfPrecision.Apply(
            PortableDialect.Instance.Lower([network.Outputs[0]], Model.DefaultOpset, new DeviceLimits { Lacking = new HashSet<Type> { typeof(LocalResponseNorm) } })));
        ElementType[] squares = [.. nodes.Where(n => n.Op is Mul && n.Inputs[0] == n.Inputs[1]).Select(n => n.Output.Type.Element)];
        Assert.That(squares, Has.Length.EqualTo(2).And.All.EqualTo(ElementType.Float));
    }

    [Test]
    public void A_step_whose_gradients_overflow_is_left_out_and_the_scale_halved()
    {
        Dictionary<string, TensorData> before = Started(scale: 1 << 24, steps: 7), after = Step(before);
        Assert.Multiple(() =>
        {
            Assert.That(after.Keys.Where(k => !after[k].Bytes.SequenceEqual(before[k].Bytes)), Is.EquivalentTo(new[] { Scale, Steps }));
            Assert.That(after[Scale].Floats(), Is.EqualTo(new float[] { 1 << 23 }));
            Assert.That(after[Steps].Floats(), Is.EqualTo(new float[] { 0 }));
        });
    }

    [Test]
    public void After_two_thousand_steps_without_overflow_the_scale_doubles()
    {
        Dictionary<string, TensorData> after = Step(Started(scale: 1024, steps: 1998)), twice = Step(after);
        Assert.Multiple(() =>
        {
            Assert.That((after[Scale].Floats()[0], after[Steps].Floats()[0]), Is.EqualTo((1024f, 1999f)));
            Assert.That((twice[Scale].Floats()[0], twice[Steps].Floats()[0]), Is.EqualTo((2048f, 0f)));
        });
    }

    /// <summary>At a scale of 1 there is nothing left to lower: that the training has gone wrong must show.</summary>
    [Test]
    public void What_overflows_without_a_scale_is_not_hidden()
    {
        Dictionary<string, TensorData> start = Started(scale: 1, steps: 0);
        string weight = start.Keys.First(k => k.StartsWith("dense1/weight", StringComparison.Ordinal));
        start[weight] = TensorData.Of<float>([.. start[weight].Floats().Select(w => w * 1e30f)], start[weight].Dims);
        Assert.That(Step(start).Values.SelectMany(v => v.Floats()), Has.Some.Matches<float>(x => !float.IsFinite(x)));
    }

    [Test]
    public void A_training_in_32_bits_goes_on_in_16_and_back()
    {
        using var folder = new TemporaryFolder();
        string path = folder["a.checkpoint"];
        foreach ((TrainingPrecision precision, int steps) in new[] { (TrainingPrecision.Float32, 3), (TrainingPrecision.Float16, 6), (TrainingPrecision.Float32, 9) })
        {
            using var trainer = new Trainer(Digits.Network(), Options with { Precision = precision, MaxSteps = steps, CheckpointPath = path });
            if (steps > 3)
            {
                trainer.Resume(path);
            }

            Assert.That(trainer.Fit(Set).Steps, Is.EqualTo(steps));
            Assert.That(trainer.Variables.ContainsKey(Scale), Is.EqualTo(precision == TrainingPrecision.Float16));
        }
    }

    private static Dictionary<string, TensorData> Started(float scale, float steps)
    {
        using StepEngine engine = Engine();
        Dictionary<string, TensorData> values = engine.Read();
        values[Scale] = TensorData.Scalar(scale);
        values[Steps] = TensorData.Scalar(steps);
        return values;
    }

    private static Dictionary<string, TensorData> Step(Dictionary<string, TensorData> values)
    {
        using StepEngine engine = Engine();
        engine.Write(values);
        engine.Step(new BatchFiller(Set, Normalization.Of(Set)), [0, 1, 2, 3, 4, 5, 6, 7], 0.01f, step: 0);
        return engine.Read();
    }

    private static StepEngine Engine()
    {
        Network network = Digits.Network(average: RunningAverage.Decay(0.9));
        var engine = new StepEngine(network, Options, Device.Cpu);
        engine.Start(Model.Initialize(network), seed: 0);
        return engine;
    }
}
