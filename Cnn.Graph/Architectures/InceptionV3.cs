using Cnn.Graph.Ir;
using static Cnn.Graph.Architectures.Inception.InceptionUnits;

namespace Cnn.Graph.Architectures;

/// <summary>
/// Inception-v3 (Szegedy et al., "Rethinking the Inception architecture for computer vision", 2015, table 1) as it was released and as
/// torchvision has it, whose names its layers bear: large kernels are factorized into smaller and into one-sided ones, and the size is
/// halved by convolutions and pooling side by side.
/// </summary>
public static class InceptionV3
{
    /// <summary>Without and, <c>-aux</c>, with the auxiliary classifier at the end of the 17x17 stage, which is a second output.</summary>
    public static IReadOnlyList<Architecture> All { get; } =
    [
        Of("inception_v3", "Inception-v3", hasHead: false), Of("inception_v3-aux", "Inception-v3 with auxiliary classifier", hasHead: true),
    ];

    private static Architecture Of(string id, string title, bool hasHead)
    {
        Recipe recipe = hasHead ? Recipe(0.4) : Recipe();
        return new(id, title, 2015, "Szegedy et al., arXiv:1512.00567", [3, 299, 299], 1000, d => Create(d, title, hasHead))
        {
            HasWidth = true,
            TorchModules = _ => StateDict.Dotted,
            Recipe = recipe with { Optimizer = recipe.Optimizer with { Clipping = GradientClipping.GlobalNorm(2) } },
        };
    }

    private static Network Create(Design d, string title, bool hasHead)
    {
        Value x = d.Image()
            .Unit(d, "Conv2d_1a_3x3", 32, 3, stride: 2)
            .Unit(d, "Conv2d_2a_3x3", 32, 3, padding: Padding.Valid)
            .Unit(d, "Conv2d_2b_3x3", 64, 3)
            .Shrink("maxpool1")
            .Unit(d, "Conv2d_3b_1x1", 80, 1)
            .Unit(d, "Conv2d_4a_3x3", 192, 3, padding: Padding.Valid)
            .Shrink("maxpool2")
            .Block("Mixed_5b", y => InceptionA(y, d, pool: 32))
            .Block("Mixed_5c", y => InceptionA(y, d, pool: 64))
            .Block("Mixed_5d", y => InceptionA(y, d, pool: 64))
            .Block("Mixed_6a", y => InceptionB(y, d))
            .Block("Mixed_6b", y => InceptionC(y, d, 128))
            .Block("Mixed_6c", y => InceptionC(y, d, 160))
            .Block("Mixed_6d", y => InceptionC(y, d, 160))
            .Block("Mixed_6e", y => InceptionC(y, d, 192));
        Value scores = x
            .Block("Mixed_7a", y => InceptionD(y, d))
            .Block("Mixed_7b", y => InceptionE(y, d))
            .Block("Mixed_7c", y => InceptionE(y, d))
            .Classifier(d, dropout: 0.5);
        return NetworkBuilder.Build(hasHead ? [scores, x.Block("AuxLogits", y => Head(y, d))] : [scores], title);
    }

    /// <summary>35x35: the 5x5 convolution beside two of 3x3 (figure 5).</summary>
    private static Value InceptionA(Value x, Design d, int pool) => Join(
        x.Branch(d, "branch1x1", (64, 1)),
        x.Branch(d, "branch5x5", (48, 1), (64, 5)),
        x.Branch(d, "branch3x3dbl", (64, 1), (96, 3), (96, 3)),
        x.Means(countPadding: true).Branch(d, "branch_pool", (pool, 1)));

    /// <summary>From 35x35 to 17x17 (figure 10).</summary>
    private static Value InceptionB(Value x, Design d) => Join(
        x.Reduction(d, "branch3x3", (384, 3)),
        x.Reduction(d, "branch3x3dbl", (64, 1), (96, 3), (96, 3)),
        x.Shrink());

    /// <summary>17x17: 7x7 convolutions as pairs of 1x7 and 7x1 (figure 6).</summary>
    private static Value InceptionC(Value x, Design d, int c7) => Join(
        x.Branch(d, "branch1x1", (192, 1)),
        x.Branch(d, "branch7x7", (c7, 1), (c7, (1, 7)), (192, (7, 1))),
        x.Branch(d, "branch7x7dbl", (c7, 1), (c7, (7, 1)), (c7, (1, 7)), (c7, (7, 1)), (192, (1, 7))),
        x.Means(countPadding: true).Branch(d, "branch_pool", (192, 1)));

    /// <summary>From 17x17 to 8x8.</summary>
    private static Value InceptionD(Value x, Design d) => Join(
        x.Reduction(d, "branch3x3", (192, 1), (320, 3)),
        x.Reduction(d, "branch7x7x3", (192, 1), (192, (1, 7)), (192, (7, 1)), (192, 3)),
        x.Shrink());

    /// <summary>8x8: 1x3 and 3x1 side by side (figure 7).</summary>
    private static Value InceptionE(Value x, Design d) => Join(
        x.Branch(d, "branch1x1", (320, 1)),
        x.Unit(d, "branch3x3_1", 384, 1).Fork(d, "branch3x3_2", 384),
        x.Unit(d, "branch3x3dbl_1", 448, 1).Unit(d, "branch3x3dbl_2", 384, 3).Fork(d, "branch3x3dbl_3", 384),
        x.Means(countPadding: true).Branch(d, "branch_pool", (192, 1)));

    private static Value Head(Value x, Design d) => x.AveragePool2d(5, stride: 3, name: "pool")
        .Unit(d, "conv0", 128, 1).Unit(d, "conv1", 768, 5, padding: Padding.Valid)
        .GlobalAveragePool(name: "avgpool").Flatten(name: "flatten").Dense(d.Classes, name: "fc");
}
