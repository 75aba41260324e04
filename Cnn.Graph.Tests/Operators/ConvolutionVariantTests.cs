using Cnn.Graph.Analysis;
using Cnn.Graph.Architectures;
using Cnn.Graph.Ir;
using Cnn.Graph.Tests.Support;
using NUnit.Framework;

namespace Cnn.Graph.Tests.Operators;

/// <summary>What the variants of the convolution are in terms of each other, and what they cost.</summary>
public class ConvolutionVariantTests
{
    private static readonly Input Picture = Tensors.Input("picture", 2, 3, 6, 5);

    /// <summary>Pointwise, then depthwise, is the dense convolution with kernels W[x, y, c, k] = W[x, y, k] · W[c, k].</summary>
    [Test]
    public void A_factorized_convolution_is_the_dense_one_with_kernels_that_are_products()
    {
        TensorData pointwise = Tensors.Uniform("pointwise", [4, 3, 1, 1]), depthwise = Tensors.Uniform("depthwise", [4, 1, 3, 2]);
        TensorData bias = Tensors.Uniform("bias", [4]);
        float[] kernels = new float[4 * 3 * 3 * 2], c = pointwise.Floats(), k = depthwise.Floats();
        for (int i = 0; i < kernels.Length; i++)
        {
            kernels[i] = c[i / 6] * k[(i / 18 * 6) + (i % 6)];
        }

        float[] factorized = Run(Picture.FactorizedConv2d(4, kernel: (3, 2), stride: (1, 2), padding: 1), pointwise, depthwise, bias);
        float[] dense = Run(Picture.Conv2d(4, kernel: (3, 2), stride: (1, 2), padding: 1), Tensors.Of([4, 3, 3, 2], kernels), bias);
        Assert.That(Tensors.Error(factorized, dense), Is.LessThan(1e-6));
    }

    private static IEnumerable<TestCaseData> Counts =>
    [
        // K (k² + C) instead of K k² C.
        Count("factorized, 5x5 over 100 channels", [100, 8, 8], x => x.FactorizedConv2d(16, kernel: 5, bias: false), 16 * 125),
        Count("dense, 5x5 over 100 channels", [100, 8, 8], x => x.Conv2d(16, kernel: 5, bias: false), 16 * 2_500),
        Count("factorized, with biases", [3, 8, 8], x => x.FactorizedConv2d(4, kernel: (3, 2)), (4 * (6 + 3)) + 4),
        Count("depthwise", [6, 8, 8], x => x.DepthwiseConv2d(3, multiplier: 2), 12 * (9 + 1)),
        Count("the first layer of GoogLeNet, separable", [3, 224, 224],
            x => x.SeparableConv2d(64, kernel: 7, multiplier: 8, stride: 2, padding: 3, bias: false), 1_176 + 1_536),
        Count("C3 of LeNet-5", [6, 14, 14], x => x.PartialConv2d(LeNet.C3Connections, kernel: 5), 1_516),
        Count("transposed", [6, 4, 4], x => x.ConvTranspose2d(4, kernel: 3, groups: 2), (6 * 2 * 9) + 4),
        Count("dense layer as convolution", [16, 5, 5], x => x.DenseAsConv2d(120), 48_120),
    ];

    [TestCaseSource(nameof(Counts))]
    public void Parameters(int[] sample, Func<Value, Value> build, long expected) =>
        Assert.That(Network.Input("image", sample).Pipe(build).Build("net").ParameterCount, Is.EqualTo(expected));

    [Test]
    public void A_dense_layer_as_a_convolution_has_the_same_numbers()
    {
        TensorData matrix = Tensors.Uniform("matrix", [4, 90]), bias = Tensors.Uniform("bias", [4]);
        Value convolution = Picture.DenseAsConv2d(4);
        Assert.That(convolution.Shape, Is.EqualTo(Shape.Of(2, 4, 1, 1)));
        float[] expected = Run(Picture.Flatten().Dense(4), matrix, bias);
        Assert.That(Tensors.Error(Run(convolution, Tensors.Of([4, 3, 6, 5], matrix.Floats()), bias), expected), Is.LessThan(1e-6));
    }

    /// <summary>One kernel for each of the 60 connections; the full convolution with zeros elsewhere gives the same maps.</summary>
    [Test]
    public void A_partial_convolution_is_the_full_one_with_zeros_where_nothing_is_connected()
    {
        Input maps = Tensors.Input("maps", 1, 6, 7, 7);
        TensorData kernels = Tensors.Uniform("kernels", [60, 1, 5, 5]), bias = Tensors.Uniform("bias", [16]);
        var full = new float[16 * 6 * 25];
        int connection = 0;
        for (int map = 0; map < 16; map++)
        {
            foreach (int seen in LeNet.C3Connections[map])
            {
                kernels.Span<float>().Slice(25 * connection++, 25).CopyTo(full.AsSpan(((map * 6) + seen) * 25));
            }
        }

        float[] partial = Run(maps.PartialConv2d(LeNet.C3Connections, kernel: 5), kernels, bias);
        Assert.That(partial, Is.EqualTo(Run(maps.Conv2d(16, kernel: 5), Tensors.Of([16, 6, 5, 5], full), bias)));
        Assert.That(connection, Is.EqualTo(60));
    }

    /// <summary>A point under a convolution becomes the kernel; under a cross-correlation it becomes the kernel turned round.</summary>
    [Test]
    public void Convolution_turns_the_kernel_and_correlation_does_not()
    {
        Input point = Tensors.Input("point", 1, 1, 3, 3);
        TensorData kernel = Tensors.Of([1, 1, 3, 3], 1, 2, 3, 4, 5, 6, 7, 8, 9);
        TensorData middle = Tensors.Of([1, 1, 3, 3], 0, 0, 0, 0, 1, 0, 0, 0, 0);
        Value convolved = point.TrueConv2d(1, kernel: 3, padding: 1, bias: false);
        Value correlated = point.Conv2d(1, kernel: 3, padding: 1, bias: false);
        Assert.Multiple(() =>
        {
            Assert.That(Evaluate(convolved), Is.EqualTo(new float[] { 1, 2, 3, 4, 5, 6, 7, 8, 9 }));
            Assert.That(Evaluate(correlated), Is.EqualTo(new float[] { 9, 8, 7, 6, 5, 4, 3, 2, 1 }));
        });

        float[] Evaluate(Value y) => GraphRunner.Evaluate(y, (point, middle), (Traversal.Leaves([y]).Single(v => v is Parameter), kernel));
    }

    /// <summary>⟨conv(x), y⟩ = ⟨x, convᵀ(y)⟩ with the same kernels.</summary>
    [Test]
    public void A_transposed_convolution_is_the_adjoint_of_the_convolution()
    {
        Input x = Tensors.Input("x", 1, 2, 6, 7), y = Tensors.Input("y", 1, 3, 3, 3), w = Tensors.Input("w", 3, 2, 3, 3);
        Value there = (x.Conv2d(w, stride: 2, padding: (1, 0)) * y).Sum();
        Value back = (x * y.ConvTranspose2d(w, stride: 2, padding: (1, 0), outputPadding: (1, 0))).Sum();
        IReadOnlyList<TensorData> products = GraphRunner.Evaluate([there, back], GraphRunner.Feeds(
            new Value[] { x, y, w }.Select(v => (v, Tensors.Uniform(v.Name, v.Shape.Sizes())))));
        Assert.That(products[1].Floats()[0], Is.EqualTo(products[0].Floats()[0]).Within(1e-5f));
    }

    [TestCase(3, 2, 1, 1, 8)]
    [TestCase(4, 2, 1, 0, 8)]
    [TestCase(2, 2, 0, 0, 8)]
    [TestCase(5, 3, 0, 2, 16)]
    public void Sizes_of_transposed_convolutions(int kernel, int stride, int padding, int outputPadding, int expected) => Assert.That(
        Network.Input("image", 1, 4, 4).ConvTranspose2d(1, kernel, stride, padding, outputPadding).Shape[^1].Size, Is.EqualTo(expected));

    [TestCase(2, 2)]
    [TestCase(3, 2)]
    [TestCase(5, 3)]
    public void Same_padding_of_a_transposed_convolution_gives_stride_times_the_size(int kernel, int stride) => Assert.That(
        Network.Input("image", 1, 4, 4).ConvTranspose2d(1, kernel, stride, Padding.Same).Shape[^1].Size, Is.EqualTo(4 * stride));

    [Test]
    public void Multiply_accumulates_of_a_transposed_convolution() => Assert.That(
        NetworkSummary.Of(Network.Input("image", 6, 4, 5).ConvTranspose2d(8, kernel: 3, stride: 2, groups: 2).Build("net")).Macs,
        Is.EqualTo(6 * 4 * 5 * 4 * 9));

    /// <summary>A shifted picture gives shifted features: of what lies in both, every number is the same.</summary>
    [TestCase(1, 1)]
    [TestCase(1, 2)]
    [TestCase(2, 4)]
    public void Convolution_is_equivariant_to_shifts_by_its_stride(int stride, int shift)
    {
        Input x = Tensors.Input("x", 1, 2, 12, 12), w = Tensors.Input("w", 3, 2, 3, 3);
        Value shifted = x.Slice(2, shift).Slice(3, shift).Conv2d(w, stride: stride);
        Value features = x.Conv2d(w, stride: stride).Slice(2, shift / stride).Slice(3, shift / stride);
        IReadOnlyList<TensorData> both = GraphRunner.Evaluate(
            [shifted, features], GraphRunner.Feeds([(x, Tensors.Uniform("x", [1, 2, 12, 12])), (w, Tensors.Uniform("w", [3, 2, 3, 3]))]));
        Assert.That(both[0].Dims, Is.EqualTo(both[1].Dims));
        Assert.That(both[0].Floats(), Is.EqualTo(both[1].Floats()).Within(1e-6f));
    }

    /// <summary>W₂(W₁x + b₁) + b₂ = (W₂W₁)x + (W₂b₁ + b₂): without a nonlinearity between, two layers are one.</summary>
    [Test]
    public void A_chain_of_dense_layers_is_one_dense_layer()
    {
        Input x = Tensors.Input("x", 3, 5), w1 = Tensors.Input("w1", 4, 5), b1 = Tensors.Input("b1", 4);
        Input w2 = Tensors.Input("w2", 2, 4), b2 = Tensors.Input("b2", 2);
        Value chain = x.Dense(w1, b1).Dense(w2, b2), bent = x.Dense(w1, b1).Relu().Dense(w2, b2);
        Value bias = b1.Reshape([1]).Transpose([1, 0]).Dense(w2, b2).Reshape([2]);
        Value one = x.Dense(w1.Transpose([1, 0]).Dense(w2).Transpose([1, 0])) + bias;
        IReadOnlyList<TensorData> results = GraphRunner.Evaluate([chain, one, bent], GraphRunner.Feeds(
            new Value[] { x, w1, b1, w2, b2 }.Select(v => (v, Tensors.Uniform(v.Name, v.Shape.Sizes())))));
        Assert.Multiple(() =>
        {
            Assert.That(Tensors.Error(results[1].Floats(), results[0].Floats()), Is.LessThan(1e-6));
            Assert.That(Tensors.Error(results[2].Floats(), results[0].Floats()), Is.GreaterThan(0.1));
        });
    }

    /// <summary>Two 3x3 correlations in a row are one 5x5 correlation, whose kernel is the convolution of the two.</summary>
    [Test]
    public void A_chain_of_convolutions_is_one_convolution()
    {
        Input x = Tensors.Input("x", 1, 1, 8, 8), first = Tensors.Input("first", 1, 1, 3, 3), second = Tensors.Input("second", 1, 1, 3, 3);
        Value kernel = first.Pad2d(2).Conv2d(second.Flip([2, 3]));
        Assert.That(kernel.Shape, Is.EqualTo(Shape.Of(1, 1, 5, 5)));
        IReadOnlyList<TensorData> results = GraphRunner.Evaluate([x.Conv2d(first).Conv2d(second), x.Conv2d(kernel)], GraphRunner.Feeds(
            new Value[] { x, first, second }.Select(v => (v, Tensors.Uniform(v.Name, v.Shape.Sizes())))));
        Assert.That(Tensors.Error(results[1].Floats(), results[0].Floats()), Is.LessThan(1e-6));
    }

    /// <summary>The value of a layer over <see cref="Picture"/>, or another input, with given parameters in their order.</summary>
    private static float[] Run(Value y, params TensorData[] parameters)
    {
        Value[] leaves = [.. Traversal.Leaves([y])];
        Parameter[] own = [.. leaves.OfType<Parameter>()];
        Assert.That(own.Select(p => p.Shape), Is.EqualTo(parameters.Select(p => Shape.Of(p.Dims))));
        Input input = leaves.OfType<Input>().Single();
        TensorData numbers = Tensors.Uniform(input.Name, input.Shape.Sizes());
        return GraphRunner.Evaluate(y, [(input, numbers), .. own.Zip(parameters, (p, t) => ((Value)p, t))]);
    }

    private static TestCaseData Count(string name, int[] sample, Func<Value, Value> build, long expected) =>
        new TestCaseData(sample, build, expected).SetArgDisplayNames(name);
}
