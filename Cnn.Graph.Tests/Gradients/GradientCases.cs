namespace Cnn.Graph.Tests;

/// <summary>All tables of cases, by family; a new table belongs in here.</summary>
internal static class GradientCases
{
    public static IReadOnlyList<(string Name, IReadOnlyList<GradientCase> Cases)> Families { get; } =
    [
        ("elementwise", [.. ElementwiseCases.All]),
        ("activations", [.. ActivationCases.All]),
        ("products", [.. ProductCases.All]),
        ("convolutions", [.. ConvolutionCases.All]),
        ("normalisation", [.. NormalizationCases.All]),
        ("convolution variants", [.. ConvolutionVariantCases.All]),
        ("pooling", [.. PoolingCases.All]),
        ("windows", [.. WindowCases.All]),
        ("shapes", [.. ShapeCases.All]),
        ("pictures", [.. PictureCases.All]),
        ("losses", [.. LossCases.All]),
    ];

    public static IReadOnlyList<GradientCase> All { get; } = [.. Families.SelectMany(family => family.Cases)];
}
