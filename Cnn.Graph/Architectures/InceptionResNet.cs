using System.Globalization;
using Cnn.Graph.Ir;
using static Cnn.Graph.Architectures.Inception.InceptionUnits;

namespace Cnn.Graph.Architectures;

/// <summary>
/// Inception-ResNet (Szegedy, Ioffe, Vanhoucke and Alemi, 2016, figures 10 to 19): a 1x1 convolution without normalization or rectifier
/// brings what a module's branches find to the channels of its input, and a small part of it is added to the input; wide networks of this
/// kind "die" early in training without that scale.
/// </summary>
public static class InceptionResNet
{
    /// <summary>
    /// Version 1 with biases in the 1x1 convolutions behind the branches, and without. Version 2 as it was released, and as the paper draws
    /// it: with the stem of Inception-v4 and 5, 10 and 5 blocks, or (<c>-10-20-10</c>) as many as were released. The paper's figures print
    /// 1154 and 2048 channels for what is added to 1152 and 2144; here they are those of the input.
    /// </summary>
    public static IReadOnlyList<Architecture> All { get; } =
    [
        Of("inception-resnet-v1", "Inception-ResNet-v1", new(StemOfV1, V1, [5, 10, 5])),
        Of("inception-resnet-v1-nobias", "Inception-ResNet-v1 without biases", new(StemOfV1, V1, [5, 10, 5], HasBiases: false)),
        Of("inception-resnet-v2", "Inception-ResNet-v2", new(StemAsReleased, V2, [10, 20, 10], IsReleased: true)),
        Of("inception-resnet-v2-paper", "Inception-ResNet-v2 of the figures", new(InceptionV4.Stem, V2, [5, 10, 5])),
        Of("inception-resnet-v2-paper-10-20-10", "Inception-ResNet-v2 of the figures, deeper", new(InceptionV4.Stem, V2, [10, 20, 10])),
    ];

    private static Widths V1 => new([32, 32, 32], [192, 192, 256, 384], [128, 128, 128, 128], [384, 256, 256, 256], [192, 192, 192, 192]);

    private static Widths V2 => new([32, 48, 64], [256, 256, 384, 384], [192, 128, 160, 192], [384, 288, 288, 320], [192, 192, 224, 256]);

    /// <param name="A">35x35: the longest branch.</param>
    /// <param name="ReductionA">k, l, m and n of the paper's table 1.</param>
    /// <param name="B">17x17: the branch of 1x1, then the longer one.</param>
    /// <param name="ReductionB">From 17x17 to 8x8: all that is not 256.</param>
    /// <param name="C">8x8: the branch of 1x1, then the longer one.</param>
    private sealed record Widths(int[] A, int[] ReductionA, int[] B, int[] ReductionB, int[] C);

    /// <param name="Stem">From the picture to 35x35.</param>
    /// <param name="Widths">The channels inside the modules.</param>
    /// <param name="Blocks">The number of blocks at 35x35, 17x17 and 8x8.</param>
    /// <param name="HasBiases">Whether the convolutions behind the branches have biases.</param>
    /// <param name="IsReleased">Whether the last block has neither scale nor rectifier, and a 1x1 convolution follows.</param>
    private sealed record Plan(Func<Design, Value> Stem, Widths Widths, int[] Blocks, bool HasBiases = true, bool IsReleased = false);

    private static Architecture Of(string id, string title, Plan plan) =>
        new(id, title, 2016, InceptionV4.Paper, [3, 299, 299], 1000, d => Create(d, title, plan)) { HasWidth = true, Recipe = Recipe() };

    private static Network Create(Design d, string title, Plan plan)
    {
        (int a, int b, int c) = (plan.Blocks[0], plan.Blocks[1], plan.Blocks[2]);
        (Widths w, bool hasBiases) = (plan.Widths, plan.HasBiases);
        Value x = plan.Stem(d);
        x = x.Repeat("block35", a, y => y.Residual(0.17, hasBiases, BranchesA(y, d, w.A)).Relu(name: "relu"));
        x = x.Block("Mixed_6a", y => InceptionV4.ReductionA(y, d, w.ReductionA[0], w.ReductionA[1], w.ReductionA[2], w.ReductionA[3]));
        x = x.Repeat("block17", b, y => y.Residual(0.1, hasBiases, BranchesB(y, d, w.B)).Relu(name: "relu"));
        x = x.Block("Mixed_7a", y => ReductionB(y, d, w.ReductionB));
        x = x.Repeat("block8", plan.IsReleased ? c - 1 : c, y => y.Residual(0.2, hasBiases, BranchesC(y, d, w.C)).Relu(name: "relu"));
        if (plan.IsReleased)
        {
            x = x.Block($"block8_{c}", y => y.Residual(1, hasBiases, BranchesC(y, d, w.C))).Unit(d, "Conv2d_7b_1x1", 1536, 1);
        }

        return x.Classifier(d, dropout: 0.2).Build(title);
    }

    /// <summary>From 299x299 to 35x35 (figure 14).</summary>
    private static Value StemOfV1(Design d) => FirstLayers(d).Unit(d, "Conv2d_4b_3x3", 256, 3, stride: 2);

    /// <summary>The first layers of Inception-v3 and a module without a sum.</summary>
    private static Value StemAsReleased(Design d) => FirstLayers(d).Shrink("MaxPool_5a_3x3").Block("Mixed_5b", x => Join(
        x.Branch(d, "branch0", (96, 1)),
        x.Branch(d, "branch1", (48, 1), (64, 5)),
        x.Branch(d, "branch2", (64, 1), (96, 3), (96, 3)),
        x.Means().Branch(d, "branch3", (64, 1))));

    private static Value FirstLayers(Design d) => d.Image()
        .Unit(d, "Conv2d_1a_3x3", 32, 3, stride: 2)
        .Unit(d, "Conv2d_2a_3x3", 32, 3, padding: Padding.Valid)
        .Unit(d, "Conv2d_2b_3x3", 64, 3)
        .Shrink("MaxPool_3a_3x3")
        .Unit(d, "Conv2d_3b_1x1", 80, 1)
        .Unit(d, "Conv2d_4a_3x3", 192, 3, padding: Padding.Valid);

    /// <summary>35x35 (figures 10 and 16).</summary>
    private static Value BranchesA(Value x, Design d, int[] w) => Join(
        x.Branch(d, "branch0", (32, 1)), x.Branch(d, "branch1", (32, 1), (32, 3)), x.Branch(d, "branch2", (w[0], 1), (w[1], 3), (w[2], 3)));

    /// <summary>17x17 (figures 11 and 17).</summary>
    private static Value BranchesB(Value x, Design d, int[] w) => Join(
        x.Branch(d, "branch0", (w[0], 1)), x.Branch(d, "branch1", (w[1], 1), (w[2], (1, 7)), (w[3], (7, 1))));

    /// <summary>From 17x17 to 8x8 (figures 12 and 18).</summary>
    private static Value ReductionB(Value x, Design d, int[] w) => Join(
        x.Reduction(d, "branch0", (256, 1), (w[0], 3)),
        x.Reduction(d, "branch1", (256, 1), (w[1], 3)),
        x.Reduction(d, "branch2", (256, 1), (w[2], 3), (w[3], 3)),
        x.Shrink());

    /// <summary>8x8 (figures 13 and 19).</summary>
    private static Value BranchesC(Value x, Design d, int[] w) => Join(
        x.Branch(d, "branch0", (w[0], 1)), x.Branch(d, "branch1", (w[1], 1), (w[2], (1, 3)), (w[3], (3, 1))));

    /// <summary>The input and a part of what the branches find (figure 20).</summary>
    private static Value Residual(this Value input, double scale, bool hasBias, Value branches)
    {
        Value found = branches.Conv2d((int)input.Shape[1].Size, 1, bias: hasBias, name: "conv2d");
        return input.Add(scale == 1 ? found : found.Multiply(Arithmetic.Number(scale, found), name: "scale"), name: "add");
    }

    private static Value Repeat(this Value x, string name, int count, Func<Value, Value> block)
    {
        for (int i = 1; i <= count; i++)
        {
            x = x.Block(string.Create(CultureInfo.InvariantCulture, $"{name}_{i}"), block);
        }

        return x;
    }
}
