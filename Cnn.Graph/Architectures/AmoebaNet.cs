using static Cnn.Graph.Architectures.SearchedCell;

namespace Cnn.Graph.Architectures;

/// <summary>
/// AmoebaNet-A (Real, Aggarwal, Huang and Le, "Regularized evolution for image classifier architecture search", 2018): evolution that
/// lets the oldest die found its two cells in the space of NASNet. Sizes are fitted as in the authors' code.
/// </summary>
public static class AmoebaNet
{
    internal static SearchedCell Normal { get; } = new(
        [
            (Average, 0, Maximum, 0),
            (Separable(3), 1, Identity, 1),
            (Identity, 0, Average, 1),
            (Separable(3), 0, Separable(5), 2),
            (Average, 5, Separable(3), 0),
        ],
        Output: [1, 3, 4, 6]);

    internal static SearchedCell Reduction { get; } = new(
        [
            (Separable(3), 1, Average, 0),
            (Maximum, 0, Separable(7), 2),
            (Maximum, 1, Maximum, 0),
            (Separable(3), 4, OneBySeven, 0),
            (Average, 1, Separable(7), 0),
        ],
        Output: [2, 3, 4, 5, 6]);

    /// <summary>
    /// Six cells in a stage. With 190 filters the paper has 86.7 million parameters and 23.1 billion multiply-accumulates; with 448, for
    /// smaller pictures, 469 million and 104 billion.
    /// </summary>
    public static IReadOnlyList<Architecture> All { get; } =
    [
        Of("amoebanet-a", "AmoebaNet-A (N=6, F=190)", 331, filters: 190),
        Of("amoebanet-a-448", "AmoebaNet-A (N=6, F=448)", 299, filters: 448),
    ];

    private static Architecture Of(string id, string title, int side, int filters)
    {
        var plan = new SearchedNetwork(Normal, Reduction, Cells: 6, filters, StemFilters: 32);
        return new(id, title, 2018, "Real et al., arXiv:1802.01548", [3, side, side], 1000, d => plan.Create(d, title, auxiliary: false))
        {
            HasWidth = true,
            Recipe = SearchedNetwork.Training(auxiliary: false),
        };
    }
}
