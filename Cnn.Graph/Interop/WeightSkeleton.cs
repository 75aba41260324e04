namespace Cnn.Graph.Interop;

/// <summary>What a tensor is to its layer.</summary>
internal enum WeightRole
{
    Weight,
    Bias,
    Scale,
    Shift,
    Mean,
    Variance,
}

/// <summary>What layers with weights do, as far as two files can call it differently.</summary>
internal enum WeightLayerKind
{
    /// <summary>A convolution or a dense layer.</summary>
    Product,

    /// <summary>A transposed convolution.</summary>
    TransposedProduct,

    /// <summary>A normalisation by gathered statistics, which can be folded into a product before it.</summary>
    BatchNorm,

    /// <summary>A normalisation by a sample's own statistics.</summary>
    SampleNorm,

    /// <summary>A parametric rectifier.</summary>
    Rectifier,
}

/// <summary>A layer with weights.</summary>
/// <typeparam name="T">What stands for a tensor: a variable of a network, or a tensor of a file.</typeparam>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What it does.</param>
/// <param name="Shape">The dimensions of its first tensor, without ones at the end: a 1x1 kernel is a dense layer's matrix.</param>
/// <param name="Tensors">Its tensors.</param>
internal sealed record WeightLayer<T>(string Name, WeightLayerKind Kind, IReadOnlyList<long> Shape, Dictionary<WeightRole, T> Tensors)
{
    /// <summary>What two layers share that may be each other's.</summary>
    public string Likeness { get; } = $"{Kind} {string.Join("x", Shape.Reverse().SkipWhile(d => d == 1).Reverse())}";

    public bool IsProduct => Kind is WeightLayerKind.Product or WeightLayerKind.TransposedProduct;
}

/// <summary>A graph reduced to what tells its layers with weights apart: their shapes, and which feeds which.</summary>
/// <typeparam name="T">What stands for a tensor.</typeparam>
internal sealed class WeightSkeleton<T>
{
    private readonly List<Step> _steps = [];

    /// <summary>The layers with weights, each after those that feed it.</summary>
    public IEnumerable<WeightLayer<T>> Layers => _steps.Select(s => s.Layer).OfType<WeightLayer<T>>();

    /// <summary>The weights of a node, if it has any.</summary>
    public WeightLayer<T>? this[int step] => _steps[step].Layer;

    /// <summary>The node that gives the main output; null where it is not known.</summary>
    public int? Result { get; set; }

    /// <summary>Adds a node.</summary>
    /// <param name="from">The nodes that feed it, in the order of its inputs.</param>
    /// <param name="isCommutative">Whether their order has no meaning.</param>
    /// <param name="layer">What weights it has.</param>
    /// <returns>Its number.</returns>
    public int Add(IReadOnlyList<int> from, bool isCommutative, WeightLayer<T>? layer)
    {
        _steps.Add(new Step(from, isCommutative, layer));
        return _steps.Count - 1;
    }

    /// <summary>The normalisation that stands right behind a product, by the product.</summary>
    public Dictionary<WeightLayer<T>, WeightLayer<T>> Followers()
    {
        var followers = new Dictionary<WeightLayer<T>, WeightLayer<T>>(ReferenceEqualityComparer.Instance);
        foreach (Step step in _steps)
        {
            if (step is { Layer: { Kind: WeightLayerKind.BatchNorm } norm, From: [int before] } && _steps[before].Layer is { IsProduct: true } product)
            {
                followers[product] = norm;
            }
        }

        return followers;
    }

    /// <summary>The products that feed each layer, and those that feed the main output, through whatever lies between.</summary>
    /// <param name="numbers">A number for each product; the same for those that are each other's in two graphs.</param>
    public (Dictionary<WeightLayer<T>, int[]> Layers, int[]? Result) Sources(IReadOnlyDictionary<WeightLayer<T>, int> numbers)
    {
        var sources = new Dictionary<WeightLayer<T>, int[]>(ReferenceEqualityComparer.Instance);
        var seen = new int[_steps.Count][];
        for (int i = 0; i < _steps.Count; i++)
        {
            Step step = _steps[i];
            IEnumerable<int> read = step.From.SelectMany(f => seen[f]).Distinct();
            int[] fed = [.. step.IsCommutative ? read.Order() : read];
            if (step.Layer is { } layer)
            {
                sources[layer] = fed;
            }

            seen[i] = step.Layer is { IsProduct: true } product && numbers.TryGetValue(product, out int number) ? [number] : fed;
        }

        return (sources, Result is { } result ? seen[result] : null);
    }

    private sealed record Step(IReadOnlyList<int> From, bool IsCommutative, WeightLayer<T>? Layer);
}
