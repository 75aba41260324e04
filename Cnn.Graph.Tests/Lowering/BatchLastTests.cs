using Cnn.Graph.Architectures;
using Cnn.Graph.Ir;
using Cnn.Graph.Lowering;
using Cnn.Graph.Randomness;
using Cnn.Graph.Runtime;
using Cnn.Graph.Tests.Support;
using Cnn.Graph.Training;
using NUnit.Framework;

namespace Cnn.Graph.Tests.Lowering;

/// <summary>The layout with the batch last computes what the usual layout computes.</summary>
public class BatchLastTests
{
    private const int Batch = 3;

    private static Value Picture(int channels = 2, int side = 8) => Network.Input("image", channels, side, side);

    private static IEnumerable<TestCaseData> Networks()
    {
        yield return Case("LeNet-5", LeNet.Modern.Build());
        yield return Case("max pooling with ties", Picture().Conv2d(3, 3, padding: 1).Relu().MaxPool2d(2).Conv2d(4, 3).Relu().MaxPool2d(2).Flatten().Dense(5).Build("n"));
        yield return Case("pooling straight after a convolution", Picture().Conv2d(3, 3, padding: 1).AveragePool2d(2).Flatten().Dense(5).Build("n"));
        yield return Case("tiles of 3", Picture(side: 11).Conv2d(3, 3).Sigmoid().AveragePool2d(3).Flatten().Dense(5).Build("n"));
        yield return Case("pooling that leaves a row out", Picture(side: 9).Conv2d(3, 3, padding: 1).Tanh().AveragePool2d(2).Flatten().Dense(5).Build("n"));
        yield return Case("overlapping pooling", Picture().Conv2d(3, 3).Tanh().MaxPool2d(3, stride: 2).Flatten().Dense(5).Build("n"));
        yield return Case("one-sided padding, no bias", Picture().Conv2d(3, (2, 3), padding: Padding.Of(1, 0, 0, 2), bias: false).LeakyRelu(0.1f).Flatten().Dense(5, bias: false).Build("n"));
        yield return Case("strides, dilation and groups", Picture().Conv2d(4, 3, stride: 2).Tanh().Conv2d(4, 2, dilation: 2, groups: 2).Flatten().Dense(5).Build("n"));
        yield return Case("two convolutions over one picture", TwoBranches());
        yield return Case("a residual block", Residual());
        yield return Case("dropout", Picture().Conv2d(3, 3).Relu().Dropout(0.5f).Flatten().Dense(5).Dropout(0.25f).Build("n"));
        yield return Case("dropout of whole channels", Small(x => x.Relu().SpatialDropout().MaxPool2d(2).Conv2d(4, 3).SpatialDropout()));
        yield return Case("dropout of pooled channels", Small(x => x.MaxPool2d(2).SpatialDropout().Conv2d(4, 3, padding: 1).MaxPool2d(2)));
        yield return Case("stochastic pooling", Small(x => x.Sigmoid().StochasticPool2d(2)));
        yield return Case("trainable subsampling", Small(x => x.Tanh().TrainableSubsampling2d(2)));
        yield return Case("medians", Small(x => x.Tanh().MedianPool2d(2)));
        yield return Case("the largest of each channel", Small(x => x.Tanh().GlobalMaxPool()));
        yield return Case("channels times their means", Small(x => x.Relu().Multiply(x.GlobalAveragePool().Sigmoid()).AveragePool2d(2)));
        yield return Case("softmax at the end", Picture().Conv2d(3, 3).Tanh().Flatten().Dense(5).Softmax().Build("n"));
        yield return Case("reshaped", Picture().Conv2d(4, 3).Tanh().Reshape([9, 4, 4]).Conv2d(2, 2).Flatten().Dense(5).Build("n"));
        yield return Case("kernels that are put together", Kernels());
        yield return Case("cut, bordered and turned", Shapes());
        yield return Case("the same layers twice", Twice());
        yield return Case("a product with the batch's size as features", Network.Input("image", Batch, 2, 2).Conv2d(Batch, 1).Flatten().Dense(Batch).Dense(5).Build("n"));

        static TestCaseData Case(string name, Network network) => new TestCaseData(network).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Networks))]
    public void A_step_is_the_same_in_both_layouts(Network network)
    {
        (float Loss, float[] Values) usual = Train(network, batchLast: false), last = Train(network, batchLast: true);
        Assert.That(last.Loss, Is.EqualTo(usual.Loss).Within(1e-5f).Percent);
        float scale = usual.Values.Max(MathF.Abs);
        Assert.That(last.Values, Is.EqualTo(usual.Values).Within(2e-6f * scale));
    }

    [Test]
    public void LeNet_lies_with_its_batch_last_on_the_CPU_only()
    {
        Network bound = LeNet.Modern.Build().WithBatch(128);
        Assert.Multiple(() =>
        {
            Assert.That(LayoutChoice.IsBatchLast(bound, Device.Cpu), Is.True);
            Assert.That(LayoutChoice.IsBatchLast(bound, Device.DirectML()), Is.False);
            Assert.That(LayoutChoice.IsBatchLast(LeNet.Modern.Build(), Device.Cpu), Is.False, "the batch is not bound");
            Assert.That(LayoutChoice.IsBatchLast(LeNet.Modern.Build().WithBatch(100_000), Device.Cpu), Is.False, "columns of gigabytes");
        });
    }

    private static Network Small(Func<Value, Value> layers) =>
        Picture().Conv2d(3, 3, padding: 1).Pipe(layers).Flatten().Dense(5).Build("n");

    private static Network TwoBranches()
    {
        Value picture = Picture();
        return picture.Conv2d(2, 3, padding: 1).Relu().Concat(picture.Conv2d(3, 3, padding: 1).Tanh()).AveragePool2d(2).Flatten().Dense(5).Build("n");
    }

    private static Network Kernels()
    {
        Value x = Picture().Conv2d(3, 3).PartialConv2d([[0, 2], [1], [0, 1, 2]], 2).Tanh();
        return x.TrueConv2d(2, 2).Flatten().Dense(5).Build("n");
    }

    private static Network Shapes()
    {
        Value x = Picture().Conv2d(4, 3, padding: 1).Tanh();
        Value y = x.Pad2d(1, PadMode.Reflect).Slice(2, 1, step: 2).Flip([1, 3]).Upsample2d((2, 1)).Transpose([0, 1, 3, 2]);
        return y.Crop2d(1, 1, 1, 1).Conv2d(3, 3).Shortcut(ShortcutKind.A, 4, stride: 2).GramMatrix().Flatten().Dense(5).Build("n");
    }

    private static Network Twice()
    {
        Value x = Picture().Conv2d(3, 3).Relu(), y = x.Conv2d(3, 3, padding: 1).Tanh().Dropout(0.5);
        return y.Reuse(x, y).Add(x).AveragePool2d(2).Flatten().Dense(5).Build("n");
    }

    private static Network Residual()
    {
        Value x = Picture().Conv2d(3, 3, padding: 1).Relu();
        return x.Conv2d(3, 3, padding: 1).Add(x).Relu().MaxPool2d(2).Flatten().Dense(5).Build("n");
    }

    /// <summary>Two steps with momentum on pictures that have flat places, so that maxima tie.</summary>
    private static (float Loss, float[] Values) Train(Network network, bool batchLast)
    {
        TrainModel model = TrainModel.Of(
            network.WithBatch(Batch), Loss.SoftmaxCrossEntropy(), Optimizer.Sgd(0.1, momentum: 0.9, weightDecay: 1e-3), batchLast: batchLast);
        Variable[] variables = [.. model.Graph.Variables];
        using var store = new VariableStore(variables, Device.Cpu);
        store.Write([.. variables.Select(v => v.Initializer.Draw(v, 1))]);
        using var session = new StepSession(model, store, new Dictionary<string, TensorData>(), Device.Cpu);
        var random = new CounterRandom(2, "pictures");
        for (int i = 0; i < session.Images.Length; i++)
        {
            session.Images[i] = Math.Max(0, (random.Uniform(i) * 2) - 1);
        }

        for (int i = 0; i < session.Labels.Length; i++)
        {
            session.Labels[i] = i;
        }

        foreach ((Input mask, float[] values) in session.Noise.OrderBy(m => m.Key.Name))
        {
            CounterRandom.FromKey(CounterRandom.Fnv1a(mask.Name)).FillUniform(values, 0, 2);
        }

        session.Run(0.1f);
        (float loss, _) = session.Run(0.1f);
        return (loss, [.. store.Read().SelectMany(t => t.Span<float>().ToArray())]);
    }
}
