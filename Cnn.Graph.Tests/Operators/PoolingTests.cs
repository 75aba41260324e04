using Cnn.Graph.Analysis;
using Cnn.Graph.Ir;
using Cnn.Graph.Lowering;
using Cnn.Graph.Operators;
using Cnn.Graph.Tests.Support;
using NUnit.Framework;

namespace Cnn.Graph.Tests.Operators;

/// <summary>Poolings by the figures of the papers and frameworks that they come from.</summary>
public class PoolingTests
{
    /// <summary>Rounded down and up. A last window that would start behind the picture and the padding before it is left out.</summary>
    [TestCase(112, 3, 2, 0, 55, 56)] // GoogLeNet, and ResNet in Caffe
    [TestCase(112, 3, 2, 1, 56, 57)] // ResNet in PyTorch, rounded down
    [TestCase(55, 3, 2, 0, 27, 27)] // AlexNet
    [TestCase(54, 3, 2, 0, 26, 27)]
    [TestCase(110, 3, 2, 0, 54, 55)] // ZFNet
    [TestCase(26, 3, 2, 0, 12, 13)]
    [TestCase(56, 3, 2, 0, 27, 28)]
    [TestCase(28, 3, 2, 0, 13, 14)]
    [TestCase(14, 3, 2, 0, 6, 7)]
    [TestCase(14, 2, 2, 0, 7, 7)]
    [TestCase(14, 5, 3, 0, 4, 4)] // GoogLeNet's side classifiers
    [TestCase(7, 7, 1, 0, 1, 1)]
    [TestCase(7, 2, 1, 0, 6, 6)]
    [TestCase(5, 2, 2, 1, 3, 3)] // a fourth window would start at 6 of 5 + 1
    [TestCase(4, 1, 4, 0, 1, 1)] // a second one would be empty
    [TestCase(6, 2, 2, 1, 4, 4)]
    public void Output_sizes(int size, int kernel, int stride, int padding, int floor, int ceil)
    {
        Value x = Network.Input("image", 1, size, size);
        Assert.Multiple(() =>
        {
            foreach ((bool up, int expected) in new[] { (false, floor), (true, ceil) })
            {
                Shape shape = Network.Input("y", 1, expected, expected).Shape;
                Assert.That(x.MaxPool2d(kernel, stride, padding, ceil: up).Shape, Is.EqualTo(shape));
                Assert.That(x.AveragePool2d(kernel, stride, padding, ceil: up).Shape, Is.EqualTo(shape));
            }
        });
    }

    [Test]
    public void A_window_larger_than_the_picture_fits_when_rounded_up()
    {
        Input x = Tensors.Input("x", 1, 1, 2, 2);
        TensorData data = Tensors.Of(x, -4, -1, -2, -3);
        Value largest = x.MaxPool2d(3, stride: 2, ceil: true), mean = x.AveragePool2d(3, stride: 2, countPadding: true, ceil: true);
        Assert.Multiple(() =>
        {
            Assert.That(GraphRunner.Evaluate(largest, (x, data)), Is.EqualTo(new float[] { -1 }));
            Assert.That(GraphRunner.Evaluate(mean, (x, data)), Is.EqualTo(new[] { -2.5f }));
        });
    }

    /// <summary>
    /// TensorFlow's "same": ceil(size / stride) windows, the odd pixel of padding at the end. Valid: ceil((size − kernel + 1) / stride).
    /// </summary>
    [TestCase(224, 7, 2, 112, 2, 3)]
    [TestCase(112, 3, 2, 56, 0, 1)]
    [TestCase(224, 3, 2, 112, 0, 1)]
    [TestCase(224, 11, 4, 56, 3, 4)]
    [TestCase(299, 3, 2, 150, 1, 1)]
    [TestCase(28, 3, 2, 14, 0, 1)]
    [TestCase(7, 3, 2, 4, 1, 1)]
    [TestCase(5, 2, 2, 3, 0, 1)]
    public void Same_and_valid(int size, int kernel, int stride, int same, int before, int after)
    {
        Value x = Network.Input("signal", 1, size);
        Value pooled = x.MaxPool1d(kernel, stride, Padding.Same);
        Window window = ((MaxPool)pooled.Producer!.Op).Window;
        Assert.Multiple(() =>
        {
            Assert.That(pooled.Shape[2].Size, Is.EqualTo(same));
            Assert.That(window.PadBegin, Is.EqualTo(new[] { before }));
            Assert.That(window.PadEnd, Is.EqualTo(new[] { after }));
            Assert.That(x.AveragePool1d(kernel, stride, Padding.Same, ceil: true).Shape[2].Size, Is.EqualTo(same));
            Assert.That(x.AveragePool1d(kernel, stride).Shape[2].Size, Is.EqualTo((size - kernel + 1 + stride - 1) / stride));
        });
    }

    /// <summary>
    /// Means of ones over windows of 3 by 2 with one pixel of padding and one beyond, per axis: the last of four windows sees one real
    /// pixel, one of the padding, and one that does not count.
    /// </summary>
    [TestCase(true, new[] { 2 / 3f, 1, 1, 1 / 2f })]
    [TestCase(false, new float[] { 1, 1, 1, 1 })]
    public void What_rounding_up_adds_does_not_count(bool countPadding, float[] along)
    {
        Input x = Tensors.Input("x", 1, 1, 6, 6);
        Value y = x.AveragePool2d(3, stride: 2, padding: 1, countPadding: countPadding, ceil: true);
        float[] means = GraphRunner.Evaluate(y, (x, Tensors.Of(x, [.. Enumerable.Repeat(1f, 36)])));
        Assert.That(means, Is.EqualTo(along.SelectMany(row => along.Select(column => row * column))).Within(1e-6f));
    }

    [Test]
    public void L2_pooling_is_the_root_of_the_sum_and_its_gradient_is_zero_at_zero()
    {
        Input x = Tensors.Input("x", 1, 1, 2, 4);
        Value y = x.L2Pool2d(2);
        IReadOnlyList<TensorData> results = GraphRunner.Evaluate(
            [y, .. Gradient.Of(y.Sum(), x)], GraphRunner.Feeds([(x, Tensors.Of(x, 3, -4, 0, 0, 0, 0, 0, 0))]));
        Assert.Multiple(() =>
        {
            Assert.That(results[0].Floats(), Is.EqualTo(new float[] { 5, 0 }).Within(1e-6f));
            Assert.That(results[1].Floats(), Is.EqualTo(new[] { 0.6f, -0.8f, 0, 0, 0, 0, 0, 0 }).Within(1e-6f));
        });
    }

    [TestCase(3, new float[] { 9, 1, 8, 2, 7, 3, 6, 4, 5 }, 5)]
    [TestCase(3, new float[] { -1, -1, -1, -1, -1, 2, 2, 2, 2 }, -1)]
    [TestCase(2, new float[] { 8, 1, 2, 6 }, 4)]
    [TestCase(2, new float[] { 3, 3, 3, 9 }, 3)]
    [TestCase(1, new float[] { -7 }, -7)]
    public void Medians(int side, float[] pixels, float expected)
    {
        Input x = Tensors.Input("x", 1, 1, side, side);
        Assert.That(GraphRunner.Evaluate(x.MedianPool2d(side), (x, Tensors.Of(x, pixels))), Is.EqualTo(new[] { expected }));
    }

    /// <summary>A network of exchanges sorts everything if it sorts zeros and ones.</summary>
    [Test]
    public void Sorting_networks_sort([Range(1, 14)] int count)
    {
        var exchanges = RankForms.Exchanges(count).ToList();
        for (int bits = 0; bits < 1 << count; bits++)
        {
            int sorted = bits;
            foreach ((int low, int high) in exchanges.Where(e => (sorted >> e.Low & 1) > (sorted >> e.High & 1)))
            {
                sorted ^= 1 << low | 1 << high;
            }

            int ones = int.PopCount(bits);
            Assert.That(sorted, Is.EqualTo(((1 << ones) - 1) << (count - ones)), $"{bits:b}");
        }
    }

    /// <summary>The known sizes of Batcher's networks.</summary>
    [TestCase(1, ExpectedResult = 0)]
    [TestCase(2, ExpectedResult = 1)]
    [TestCase(4, ExpectedResult = 5)]
    [TestCase(8, ExpectedResult = 19)]
    [TestCase(16, ExpectedResult = 63)]
    public int Sorting_networks_have_no_exchange_too_many(int count) => RankForms.Exchanges(count).Count();

    [Test]
    public void Distance_weights_fall_off_from_the_middle_and_real_pixels_share_them()
    {
        Input x = Tensors.Input("x", 1, 1, 3, 3);
        double side = Math.Exp(-0.5), corner = Math.Exp(-1), all = 1 + (4 * side) + (4 * corner);
        float[] centre = Run(x.DistanceWeightedPool2d(3), 0, 0, 0, 0, 1, 0, 0, 0, 0);
        float[] flat = Run(x.DistanceWeightedPool2d(3, stride: 1, padding: 1), 2, 2, 2, 2, 2, 2, 2, 2, 2);
        float[] border = Run(x.DistanceWeightedPool2d(3, stride: 2, padding: 1), 1, 0, 0, 0, 0, 0, 0, 0, 0);
        Assert.Multiple(() =>
        {
            Assert.That(centre, Is.EqualTo(new[] { 1 / all }).Within(1e-6));
            Assert.That(flat, Is.EqualTo(Enumerable.Repeat(2f, 9)).Within(1e-6f));
            Assert.That(border[0], Is.EqualTo(1 / (1 + (2 * side) + corner)).Within(1e-6));
        });

        float[] Run(Value y, params float[] pixels) => GraphRunner.Evaluate(y, (x, Tensors.Of(x, pixels)));
    }

    /// <summary>coefficient · sum + bias; a fresh layer is average pooling.</summary>
    [Test]
    public void Subsampling_as_in_LeNet5()
    {
        Input x = Tensors.Input("x", 1, 2, 2, 2);
        TensorData data = Tensors.Of(x, 1, 2, 3, 4, 5, 6, 7, 8);
        Network network = Network.Input("image", 2, 2, 2).TrainableSubsampling2d(2).Tanh().Build("S2");
        Value y = x.TrainableSubsampling2d(2);
        Parameter[] parameters = [.. Traversal.Leaves([y]).OfType<Parameter>()];
        TensorData[] fresh = [.. parameters.Select(p => p.Initializer.Draw(p, 0))];
        Assert.Multiple(() =>
        {
            Assert.That(parameters.Select(p => p.Role), Is.EqualTo(new[] { ParameterRole.Scale, ParameterRole.Bias }));
            Assert.That(network.ParameterCount, Is.EqualTo(4));
            Assert.That(network.Parameters.Select(p => p.Name), Is.EqualTo(new[] { "subsampling1/coefficient", "subsampling1/bias" }));
            Assert.That(Run(Tensors.Of([2, 1, 1], 0.5f, -1), Tensors.Of([2, 1, 1], 100, 1000)), Is.EqualTo(new float[] { 105, 974 }));
            Assert.That(Run(fresh[0], fresh[1]), Is.EqualTo(new[] { 2.5f, 6.5f }));
        });

        float[] Run(TensorData coefficients, TensorData biases) =>
            GraphRunner.Evaluate(y, (x, data), (parameters[0], coefficients), (parameters[1], biases));
    }

    [Test]
    public void The_gradient_of_a_global_maximum_goes_to_the_first_one()
    {
        Input x = Tensors.Input("x", 1, 2, 2, 3);
        Value y = x.GlobalMaxPool();
        float[] gradient = GraphRunner.Evaluate(
            Gradient.Of(y.Sum(), x)[0], (x, Tensors.Of(x, -1, -3, -1, -2, -1, -5, 0, 0, 7, 7, 0, 7)));
        Assert.That(gradient, Is.EqualTo(new float[] { 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0 }));
    }

    /// <summary>Nothing larger than the picture may be made where a window sees all of it: its taps' square would be gigabytes.</summary>
    [TestCase(true)]
    [TestCase(false)]
    public void The_gradient_of_a_maximum_over_the_whole_picture_takes_little_memory(bool isGlobal)
    {
        Input x = Tensors.Input("x", 1, 3, 112, 112);
        Value y = isGlobal ? x.GlobalMaxPool() : x.MaxPool2d(112);
        IReadOnlyList<Value> lowered = PortableDialect.Instance.Lower(Gradient.Of(y.Sum(), x), Model.DefaultOpset);
        IEnumerable<Value> all = Traversal.TopologicalOrder(lowered).SelectMany(n => n.Outputs.Concat(n.Inputs));
        Assert.That(all.Max(v => v.Shape.CountPerSample()), Is.EqualTo(3 * 112 * 112));
    }

    [Test]
    public void A_global_pool_sees_the_whole_picture()
    {
        Network network = Network.Input("image", 1, 9, 7).Conv2d(2, kernel: 3, stride: 2).GlobalAveragePool().Build("net");
        Assert.That(NetworkSummary.Of(network).Layers.Select(l => string.Join("x", l.ReceptiveField)), Is.EqualTo(new[] { "3x3", "9x7" }));
    }

    /// <summary>Small tiles of maxima and means are what the layout with the batch last knows; others keep a network from it.</summary>
    [Test]
    public void Layouts_know_max_and_average_pooling_only()
    {
        Assert.Multiple(() =>
        {
            Assert.That(IsBatchLast(x => x.MaxPool2d(2)), Is.True);
            Assert.That(IsBatchLast(x => x.AveragePool2d(4)), Is.True);
            Assert.That(IsBatchLast(x => x.TrainableSubsampling2d(2)), Is.True);
            Assert.That(IsBatchLast(x => x.GlobalAveragePool()), Is.True);
            Assert.That(IsBatchLast(x => x.MaxPool2d(12)), Is.False, "kernels for 144 phases");
            Assert.That(IsBatchLast(x => x.L2Pool2d(2)), Is.False);
            Assert.That(IsBatchLast(x => x.MedianPool2d(3)), Is.False);
        });

        static bool IsBatchLast(Func<Value, Value> pool)
        {
            Value x = Network.Input("image", 1, 12, 12).Conv2d(2, kernel: 3, padding: 1);
            return LayoutChoice.IsBatchLast(pool(x).Flatten().Dense(2).Build("net").WithBatch(4), Device.Cpu);
        }
    }
}
