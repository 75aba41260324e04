using Cnn.Graph.Ir;

namespace Cnn.Graph.Interop;

/// <summary>
/// Finds the layers of a file that are those of a network when their names tell nothing: layers of the same kind and shape in the same
/// order, and only if each of them is fed by the partners of those that feed it in the network.
/// </summary>
internal sealed class SkeletonMatching
{
    private readonly WeightSkeleton<Variable> _network;
    private readonly WeightSkeleton<StoredTensor> _file;
    private readonly Dictionary<WeightLayer<Variable>, WeightLayer<StoredTensor>> _partners = new(ReferenceEqualityComparer.Instance);
    private readonly List<WeightLayer<Variable>> _folded = [];

    public SkeletonMatching(WeightSkeleton<Variable> network, WeightSkeleton<StoredTensor> file)
    {
        (_network, _file) = (network, file);
        Dictionary<WeightLayer<Variable>, WeightLayer<Variable>> followers = network.Followers();
        Dictionary<WeightLayer<StoredTensor>, WeightLayer<StoredTensor>> theirFollowers = file.Followers();
        Pair(network.Layers.Where(l => l.IsProduct), file.Layers.Where(l => l.IsProduct));
        foreach ((WeightLayer<Variable> product, WeightLayer<Variable> norm) in followers)
        {
            if (_partners.TryGetValue(product, out var partner))
            {
                if (theirFollowers.Remove(partner, out var theirNorm))
                {
                    _partners[norm] = theirNorm;
                }
                else
                {
                    _folded.Add(norm);
                    Fold(product, norm, partner);
                }
            }
        }

        HashSet<WeightLayer<StoredTensor>> paired = new(_partners.Values, ReferenceEqualityComparer.Instance);
        Pair(
            network.Layers.Where(l => !l.IsProduct && !_partners.ContainsKey(l) && !_folded.Contains(l)),
            file.Layers.Where(l => !l.IsProduct && !paired.Contains(l)));
        Fault = FaultInTheFlow();
        foreach ((WeightLayer<Variable> layer, WeightLayer<StoredTensor> partner) in _partners)
        {
            foreach ((WeightRole role, Variable variable) in layer.Tensors.Where(t => !Neutral.ContainsKey(t.Value)))
            {
                if (partner.Tensors.TryGetValue(role, out StoredTensor? tensor))
                {
                    Found[variable] = tensor;
                }
                else if (role == WeightRole.Bias)
                {
                    Neutral[variable] = 0;
                }
            }
        }
    }

    /// <summary>The tensors found.</summary>
    public Dictionary<Variable, StoredTensor> Found { get; } = [];

    /// <summary>Variables that the file has no tensor for because they do nothing there, and the number that does nothing.</summary>
    public Dictionary<Variable, float> Neutral { get; } = [];

    /// <summary>Where the two graphs differ although their layers are alike; null if they do not.</summary>
    public string? Fault { get; }

    private void Pair(IEnumerable<WeightLayer<Variable>> network, IEnumerable<WeightLayer<StoredTensor>> file)
    {
        ILookup<string, WeightLayer<StoredTensor>> alike = file.ToLookup(l => l.Likeness);
        foreach (IGrouping<string, WeightLayer<Variable>> group in network.GroupBy(l => l.Likeness))
        {
            foreach ((WeightLayer<Variable> layer, WeightLayer<StoredTensor> partner) in group.Zip(alike[group.Key]))
            {
                _partners[layer] = partner;
            }
        }
    }

    /// <summary>Of a normalisation that the file has folded into the product before it, the product's bias is what is left.</summary>
    private void Fold(WeightLayer<Variable> product, WeightLayer<Variable> norm, WeightLayer<StoredTensor> partner)
    {
        foreach ((WeightRole role, Variable variable) in norm.Tensors)
        {
            if (role == WeightRole.Shift && partner.Tensors.TryGetValue(WeightRole.Bias, out StoredTensor? bias))
            {
                Found[variable] = bias;
            }
            else
            {
                Neutral[variable] = role is WeightRole.Scale or WeightRole.Variance ? 1 : 0;
            }
        }

        if (product.Tensors.TryGetValue(WeightRole.Bias, out Variable? own))
        {
            Neutral[own] = 0;
        }
    }

    private string? FaultInTheFlow()
    {
        Dictionary<WeightLayer<Variable>, int> numbers = new(ReferenceEqualityComparer.Instance);
        Dictionary<WeightLayer<StoredTensor>, int> theirNumbers = new(ReferenceEqualityComparer.Instance);
        foreach ((WeightLayer<Variable> layer, WeightLayer<StoredTensor> partner) in _partners.Where(p => p.Key.IsProduct))
        {
            numbers[layer] = theirNumbers[partner] = numbers.Count;
        }

        (Dictionary<WeightLayer<Variable>, int[]> sources, int[]? result) = _network.Sources(numbers);
        (Dictionary<WeightLayer<StoredTensor>, int[]> theirSources, int[]? theirResult) = _file.Sources(theirNumbers);
        foreach ((WeightLayer<Variable> layer, WeightLayer<StoredTensor> partner) in _partners)
        {
            if (!sources[layer].SequenceEqual(theirSources[partner]))
            {
                return $"'{layer.Name}' and the file's '{partner.Name}' are alike but are not fed by the same layers";
            }
        }

        return result is not null && theirResult is not null && !result.SequenceEqual(theirResult)
            ? "the layers that make the output are alike but stand in another order in the file"
            : null;
    }
}
