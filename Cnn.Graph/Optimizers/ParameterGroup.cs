using Cnn.Graph.Building;
using Cnn.Graph.Ir;
using Cnn.Graph.Text;

namespace Cnn.Graph;

/// <summary>Parameters that the optimiser treats differently.</summary>
/// <param name="Pattern">Which, by name, with <c>*</c> for any characters: <c>c1/*</c>, <c>*/bias</c>.</param>
public sealed record ParameterGroup(string Pattern)
{
    /// <summary>Restricts the group to weights, to biases or to scales; null for all.</summary>
    public ParameterRole? Role { get; init; }

    /// <summary>Times the learning rate; 1 by default.</summary>
    public double RateFactor { get; init; } = 1;

    /// <summary>Times the weight decay; 1 by default, 0 for none.</summary>
    public double DecayFactor { get; init; } = 1;

    /// <summary>Whether training leaves the parameters as they are, as in transfer learning.</summary>
    public bool IsFrozen { get; init; }

    /// <summary>
    /// Whether frozen batch normalisations normalise by the batch all the same and gather its statistics, as the discriminator does while
    /// an adversarial generator learns from it. By default those whose parameters are all frozen act as in use, so that a frozen part of a
    /// network gives the same features throughout.
    /// </summary>
    public bool NormalizesByBatch { get; init; }

    /// <summary>Every bias without weight decay, as is usual.</summary>
    public static ParameterGroup BiasesWithoutDecay { get; } = new("*") { Role = ParameterRole.Bias, DecayFactor = 0 };

    /// <summary>Every scale of a normalisation or a parametric rectifier without weight decay.</summary>
    public static ParameterGroup ScalesWithoutDecay { get; } = new("*") { Role = ParameterRole.Scale, DecayFactor = 0 };

    /// <summary>Every bias without weight decay and at twice the rate, as AlexNet was trained and Caffe's models after it.</summary>
    public static ParameterGroup BiasesAsInAlexNet { get; } = BiasesWithoutDecay with { RateFactor = 2 };

    /// <summary>Parameters that training leaves as they are.</summary>
    /// <param name="pattern">Which, by name, with <c>*</c> for any characters.</param>
    public static ParameterGroup Frozen(string pattern) => new(pattern) { IsFrozen = true };

    /// <summary>The first layers of a network, which training leaves as they are; one group a parameter.</summary>
    /// <param name="network">The network.</param>
    /// <param name="depth">
    /// How deep: layers with no more than so many convolutions and dense layers on the longest way from the input to them, themselves
    /// included.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="depth"/> is below 0.</exception>
    public static IReadOnlyList<ParameterGroup> FrozenTo(Network network, int depth)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentOutOfRangeException.ThrowIfNegative(depth);
        Dictionary<Value, int> depths = WeightDepth.Of(network.Inputs, network.Nodes);
        return
        [
            .. network.Nodes.Where(n => depths[n.Output] <= depth).SelectMany(n => n.Inputs).OfType<Parameter>().Distinct().Select(p => Frozen(p.Name)),
        ];
    }

    internal bool Contains(Parameter parameter) => (Role is null || Role == parameter.Role) && Names(parameter);

    internal bool Names(Parameter parameter) => NamePattern.Matches(Pattern, parameter.Name);
}

/// <summary>Groups of parameters; equal when the groups are, in the same order.</summary>
public sealed class ParameterGroups : IEquatable<ParameterGroups>
{
    private readonly ParameterGroup[] _groups;

    /// <summary>Weight decay on weights only, not on biases nor on the scales of normalisations and parametric rectifiers.</summary>
    public static ParameterGroups DecayOfWeightsOnly { get; } = new(ParameterGroup.BiasesWithoutDecay, ParameterGroup.ScalesWithoutDecay);

    /// <summary>Creates the list.</summary>
    /// <param name="groups">The groups; the first that a parameter is in counts.</param>
    public ParameterGroups(params IEnumerable<ParameterGroup> groups) => _groups = [.. groups];

    /// <summary>These groups behind some others, which come first.</summary>
    /// <param name="groups">The groups that count before these do.</param>
    public ParameterGroups After(params IEnumerable<ParameterGroup> groups) => new([.. groups, .. _groups]);

    /// <inheritdoc/>
    public bool Equals(ParameterGroups? other) => other is not null && _groups.SequenceEqual(other._groups);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ParameterGroups);

    /// <inheritdoc/>
    public override int GetHashCode() => _groups.Aggregate(0, HashCode.Combine);

    /// <inheritdoc/>
    public override string ToString() => $"[{string.Join<ParameterGroup>(", ", _groups)}]";

    /// <exception cref="CnnGraphException">A group's pattern names no parameter of the network: a slip of the pen.</exception>
    internal void RequireMatches(Network network)
    {
        foreach (ParameterGroup group in _groups.Where(g => !network.Parameters.Any(g.Names)))
        {
            throw new CnnGraphException(
                $"A group is called '{group.Pattern}', but no parameter of '{network.Name}' is. {Proposal.For(group.Pattern, network.Parameters.Select(p => p.Name))}");
        }
    }

    internal ParameterGroup? Of(Parameter parameter) => _groups.FirstOrDefault(g => g.Contains(parameter));
}
