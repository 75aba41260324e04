using static Cnn.Graph.Architectures.SearchedCell;

namespace Cnn.Graph.Architectures;

/// <summary>
/// NASNet-A (Zoph, Vasudevan, Shlens and Le, "Learning transferable architectures for scalable image recognition", 2017, figure 4): a
/// recurrent network trained by reinforcement found its two cells on CIFAR-10. Padding and the fitting of sizes are those of the authors'
/// code. Training there also dropped whole paths of cells at random, which is not done here.
/// </summary>
public static class NasNet
{
    internal static SearchedCell Normal { get; } = new(
        [
            (Separable(5), 0, Separable(3), 1),
            (Separable(5), 1, Separable(3), 1),
            (Average, 0, Identity, 1),
            (Average, 1, Average, 1),
            (Separable(3), 0, Identity, 0),
        ],
        Output: [1, 2, 3, 4, 5, 6]);

    internal static SearchedCell Reduction { get; } = new(
        [
            (Separable(5), 0, Separable(7), 1),
            (Maximum, 0, Separable(7), 1),
            (Average, 0, Separable(5), 1),
            (Identity, 3, Average, 2),
            (Separable(3), 2, Maximum, 0),
        ],
        Output: [3, 4, 5, 6]);

    /// <summary>
    /// 4 @ 1056 ("mobile") and 6 @ 4032: cells in a stage and channels at the end. With <c>-aux</c>, the auxiliary classifier of training.
    /// </summary>
    public static IReadOnlyList<Architecture> All { get; } =
    [
        Of("nasnet-mobile", "NASNet-A (4 @ 1056)", 224, Mobile, auxiliary: false),
        Of("nasnet-mobile-aux", "NASNet-A (4 @ 1056) with an auxiliary classifier", 224, Mobile, auxiliary: true),
        Of("nasnet-large", "NASNet-A (6 @ 4032)", 331, Large, auxiliary: false),
        Of("nasnet-large-aux", "NASNet-A (6 @ 4032) with an auxiliary classifier", 331, Large, auxiliary: true),
    ];

    private static SearchedNetwork Mobile => new(Normal, Reduction, Cells: 4, Filters: 44, StemFilters: 32);

    private static SearchedNetwork Large => new(Normal, Reduction, Cells: 6, Filters: 168, StemFilters: 96) { SkipsReductionInput = true };

    private static Architecture Of(string id, string title, int side, SearchedNetwork plan, bool auxiliary) =>
        new(id, title, 2017, "Zoph et al., arXiv:1707.07012", [3, side, side], 1000, d => plan.Create(d, title, auxiliary))
        {
            HasWidth = true,
            Recipe = SearchedNetwork.Training(auxiliary),
        };
}
