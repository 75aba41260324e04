using Cnn.Graph.Analysis;
using Cnn.Graph.Ir;
using Cnn.Graph.Tests.Support;
using NUnit.Framework;

namespace Cnn.Graph.Tests.Operators;

/// <summary>Convolutions whose kernels are not shared between positions.</summary>
public class LocallyConnectedTests
{
    private const int Batch = 2, Channels = 3, Height = 5, Width = 6, Outputs = 4, Down = 3, Across = 2;
    private readonly Input _x = Tensors.Input("x", Batch, Channels, Height, Width);

    private Value Layer => _x.LocallyConnected2d(Outputs, kernel: (3, 2), stride: (2, 3), padding: Padding.Of(1, 0, 1, 0), name: "local");

    /// <summary>y[n, o, i, j] = b[o, i, j] + Σ w[i, j, o, c, a, b] · x[n, c, 2i + a − 1, 3j + b], as plain loops in double.</summary>
    [Test]
    public void Every_position_has_kernels_of_its_own()
    {
        Value y = Layer;
        (Value weight, Value bias) = (y.Producer!.Inputs[1], y.Producer.Inputs[2]);
        float[] x = Numbers(_x), w = Numbers(weight), b = Numbers(bias);
        float[] actual = GraphRunner.Evaluate(y, (_x, Tensors.Of(_x, x)), (weight, Tensors.Of(weight, w)), (bias, Tensors.Of(bias, b)));
        var expected = new float[actual.Length];
        int at = 0;
        for (int n = 0; n < Batch; n++)
        {
            for (int o = 0; o < Outputs; o++)
            {
                for (int i = 0; i < Down; i++)
                {
                    for (int j = 0; j < Across; j++)
                    {
                        double sum = b[(((o * Down) + i) * Across) + j];
                        int kernel = ((((i * Across) + j) * Outputs) + o) * Channels * 6;
                        for (int tap = 0; tap < Channels * 6; tap++)
                        {
                            (int c, int row, int column) = (tap / 6, (2 * i) + (tap % 6 / 2) - 1, (3 * j) + (tap % 2));
                            int pixel = (((((n * Channels) + c) * Height) + row) * Width) + column;
                            sum += row is < 0 or >= Height ? 0 : (double)w[kernel + tap] * x[pixel];
                        }

                        expected[at++] = (float)sum;
                    }
                }
            }
        }

        Assert.That(Tensors.Error(actual, expected), Is.LessThan(1e-6));
    }

    [Test]
    public void With_the_same_kernels_everywhere_it_is_a_convolution()
    {
        Value local = Layer, conv = _x.Conv2d(Outputs, kernel: (3, 2), stride: (2, 3), padding: Padding.Of(1, 0, 1, 0));
        (Value kernels, Value biases) = (conv.Producer!.Inputs[1], conv.Producer.Inputs[2]);
        (Value allKernels, Value allBiases) = (local.Producer!.Inputs[1], local.Producer.Inputs[2]);
        TensorData x = Tensors.Of(_x, Numbers(_x));
        float[] w = Numbers(kernels), b = Numbers(biases);
        const int Positions = Down * Across;
        float[] expected = GraphRunner.Evaluate(conv, (_x, x), (kernels, Tensors.Of(kernels, w)), (biases, Tensors.Of(biases, b)));
        float[] actual = GraphRunner.Evaluate(
            local,
            (_x, x),
            (allKernels, Tensors.Of(allKernels, [.. Enumerable.Repeat(w, Positions).SelectMany(kernel => kernel)])),
            (allBiases, Tensors.Of(allBiases, [.. b.SelectMany(bias => Enumerable.Repeat(bias, Positions))])));
        Assert.That(Tensors.Error(actual, expected), Is.LessThan(1e-6));
    }

    /// <summary>DeepFace's first locally connected layer: 16 kernels of 9x9x16 at each of 55x55 positions (without biases).</summary>
    [Test]
    public void Parameters_and_multiply_accumulates()
    {
        Network network = Network.Input("face", 16, 63, 63).LocallyConnected2d(16, kernel: 9, name: "L4").Build("DeepFace, L4");
        LayerSummary layer = NetworkSummary.Of(network).Layers.Single();
        Assert.Multiple(() =>
        {
            Assert.That(layer.Parameters, Is.EqualTo((55L * 55 * 16 * 9 * 9 * 16) + (55 * 55 * 16)));
            Assert.That(layer.Macs, Is.EqualTo(55L * 55 * 16 * 9 * 9 * 16));
            Assert.That(layer.ReceptiveField, Is.EqualTo(new[] { 9, 9 }));
            Assert.That(
                network.Parameters.Select(p => $"{p.Name} {p.Shape}"),
                Is.EqualTo(new[] { "L4/weight [48400, 16, 9, 9]", "L4/bias [16, 55, 55]" }));
        });
    }

    /// <summary>Xavier goes by the fans of one position, ±√(6 / (fan-in + fan-out)), and draws other numbers for each position.</summary>
    [Test]
    public void Kernels_are_drawn_for_each_position()
    {
        Value y = _x.LocallyConnected2d(Outputs, kernel: 2, weightInitializer: Initializer.Xavier);
        var weight = (Parameter)y.Producer!.Inputs[1];
        float[] numbers = weight.Initializer.Draw(weight, 1).Floats();
        const int PerPosition = Outputs * Channels * 4;
        double bound = Math.Sqrt(6.0 / ((Channels * 4) + (Outputs * 4)));
        Assert.Multiple(() =>
        {
            Assert.That(numbers.Max(MathF.Abs), Is.LessThanOrEqualTo(bound).And.GreaterThan(0.95 * bound));
            Assert.That(numbers.Chunk(PerPosition).Select(block => block[0]), Is.Unique);
        });
    }

    private static float[] Numbers(Value leaf) => Tensors.Uniform(leaf.Name, leaf.Shape.Sizes()).Floats();
}
