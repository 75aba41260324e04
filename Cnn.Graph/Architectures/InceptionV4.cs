using Cnn.Graph.Ir;
using static Cnn.Graph.Architectures.Inception.InceptionUnits;

namespace Cnn.Graph.Architectures;

/// <summary>
/// Inception-v4 (Szegedy, Ioffe, Vanhoucke and Alemi, "Inception-v4, Inception-ResNet and the impact of residual connections on learning",
/// 2016, figures 3 to 9): a uniform choice of modules for each size of picture. Blocks are called as in the released program.
/// </summary>
public static class InceptionV4
{
    internal const string Paper = "Szegedy et al., arXiv:1602.07261";

    /// <summary>Inception-v4.</summary>
    public static IReadOnlyList<Architecture> All { get; } =
    [
        new("inception-v4", "Inception-v4", 2016, Paper, [3, 299, 299], 1000, Create) { HasWidth = true, Recipe = Recipe() },
    ];

    private static Network Create(Design d)
    {
        Value x = Stem(d);
        foreach (char module in "bcde")
        {
            x = x.Block($"Mixed_5{module}", y => InceptionA(y, d));
        }

        x = x.Block("Mixed_6a", y => ReductionA(y, d, 192, 224, 256, 384));
        foreach (char module in "bcdefgh")
        {
            x = x.Block($"Mixed_6{module}", y => InceptionB(y, d));
        }

        x = x.Block("Mixed_7a", y => ReductionB(y, d));
        foreach (char module in "bcd")
        {
            x = x.Block($"Mixed_7{module}", y => InceptionC(y, d));
        }

        return x.Classifier(d, dropout: 0.2).Build("Inception-v4");
    }

    /// <summary>From 299x299 to 35x35 (figure 3), which Inception-ResNet-v2 has in the paper, too.</summary>
    internal static Value Stem(Design d) => d.Image()
        .Unit(d, "Conv2d_1a_3x3", 32, 3, stride: 2)
        .Unit(d, "Conv2d_2a_3x3", 32, 3, padding: Padding.Valid)
        .Unit(d, "Conv2d_2b_3x3", 64, 3)
        .Block("Mixed_3a", x => Join(x.Shrink(), x.Reduction(d, "branch1", (96, 3))))
        .Block("Mixed_4a", x => Join(
            x.Unit(d, "branch0_1", 64, 1).Unit(d, "branch0_2", 96, 3, padding: Padding.Valid),
            x.Branch(d, "branch1", (64, 1), (64, (1, 7)), (64, (7, 1))).Unit(d, "branch1_4", 96, 3, padding: Padding.Valid)))
        .Block("Mixed_5a", x => Join(x.Reduction(d, "branch0", (192, 3)), x.Shrink()));

    /// <summary>From 35x35 to 17x17 (figure 7); table 1 names its widths k, l, m and n for each network.</summary>
    internal static Value ReductionA(Value x, Design d, int k, int l, int m, int n) => Join(
        x.Reduction(d, "branch0", (n, 3)),
        x.Reduction(d, "branch1", (k, 1), (l, 3), (m, 3)),
        x.Shrink());

    /// <summary>35x35 (figure 4).</summary>
    private static Value InceptionA(Value x, Design d) => Join(
        x.Branch(d, "branch0", (96, 1)),
        x.Branch(d, "branch1", (64, 1), (96, 3)),
        x.Branch(d, "branch2", (64, 1), (96, 3), (96, 3)),
        x.Means().Branch(d, "branch3", (96, 1)));

    /// <summary>17x17 (figure 5).</summary>
    private static Value InceptionB(Value x, Design d) => Join(
        x.Branch(d, "branch0", (384, 1)),
        x.Branch(d, "branch1", (192, 1), (224, (1, 7)), (256, (7, 1))),
        x.Branch(d, "branch2", (192, 1), (192, (7, 1)), (224, (1, 7)), (224, (7, 1)), (256, (1, 7))),
        x.Means().Branch(d, "branch3", (128, 1)));

    /// <summary>From 17x17 to 8x8 (figure 8).</summary>
    private static Value ReductionB(Value x, Design d) => Join(
        x.Reduction(d, "branch0", (192, 1), (192, 3)),
        x.Reduction(d, "branch1", (256, 1), (256, (1, 7)), (320, (7, 1)), (320, 3)),
        x.Shrink());

    /// <summary>8x8 (figure 6).</summary>
    private static Value InceptionC(Value x, Design d) => Join(
        x.Branch(d, "branch0", (256, 1)),
        x.Unit(d, "branch1_1", 384, 1).Fork(d, "branch1_2", 256),
        x.Branch(d, "branch2", (384, 1), (448, (3, 1)), (512, (1, 3))).Fork(d, "branch2_4", 256),
        x.Means().Branch(d, "branch3", (256, 1)));
}
