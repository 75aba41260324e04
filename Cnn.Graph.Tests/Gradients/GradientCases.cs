namespace Cnn.Graph.Tests;

/// <summary>All tables of cases; a new table belongs in here.</summary>
internal static class GradientCases
{
    public static IReadOnlyList<GradientCase> All { get; } =
        [.. ElementwiseCases.All, .. ActivationCases.All, .. ProductCases.All, .. PoolingCases.All, .. NormalizationCases.All, .. ShapeCases.All, .. LossCases.All];
}
