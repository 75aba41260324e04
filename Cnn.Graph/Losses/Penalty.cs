using System.IO.Enumeration;
using Cnn.Graph.Ir;
using Cnn.Graph.Operators;

namespace Cnn.Graph;

/// <summary>A term of the parameters themselves that is added to the loss.</summary>
public abstract record Penalty
{
    private protected Penalty(double factor, string pattern)
    {
        Factor = factor >= 0 && double.IsFinite(factor)
            ? factor
            : throw new ArgumentOutOfRangeException(nameof(factor), factor, "A penalty's factor is a finite number of at least 0.");
        Pattern = pattern;
    }

    /// <summary>How much it counts.</summary>
    public double Factor { get; }

    /// <summary>Which parameters, by name, with <c>*</c> for any characters.</summary>
    public string Pattern { get; }

    /// <summary>factor · Σ |w|, which makes parameters zero.</summary>
    /// <param name="factor">How much it counts; at least 0.</param>
    /// <param name="pattern">Which parameters, by name, with <c>*</c> for any characters; all weights, not biases, by default.</param>
    public static Penalty L1(double factor, string pattern = "*/weight") => new AbsolutePenalty(factor, pattern);

    /// <summary>½ · factor · Σ w², whose gradient is factor · w: weight decay as a term of the loss.</summary>
    /// <param name="factor">How much it counts; at least 0.</param>
    /// <param name="pattern">Which parameters, by name, with <c>*</c> for any characters; all weights, not biases, by default.</param>
    public static Penalty L2(double factor, string pattern = "*/weight") => new SquaredPenalty(factor, pattern);

    /// <summary>The term.</summary>
    /// <exception cref="CnnGraphException">No parameter has such a name.</exception>
    internal Value Of(IReadOnlyList<Parameter> parameters)
    {
        Value[] terms = [.. parameters.Where(p => FileSystemName.MatchesSimpleExpression(Pattern, p.Name, ignoreCase: false)).Select(Term)];
        return terms.Length > 0
            ? Factor * terms.Aggregate((a, b) => a + b)
            : throw new CnnGraphException($"A penalty is laid on '{Pattern}', but no parameter is called so.");
    }

    private protected abstract Value Term(Parameter parameter);

    private sealed record AbsolutePenalty(double Size, string Names) : Penalty(Size, Names)
    {
        private protected override Value Term(Parameter w) => w.Abs().Sum(w.AllAxes());
    }

    private sealed record SquaredPenalty(double Size, string Names) : Penalty(Size, Names)
    {
        private protected override Value Term(Parameter w) => 0.5 * (w * w).Sum(w.AllAxes());
    }
}

/// <summary>Penalties; equal when the penalties are, in the same order.</summary>
public sealed class Penalties : IEquatable<Penalties>
{
    private readonly Penalty[] _terms;

    /// <summary>Creates the list.</summary>
    /// <param name="terms">The penalties.</param>
    public Penalties(params IEnumerable<Penalty> terms) => _terms = [.. terms];

    /// <summary>A loss with the penalties added.</summary>
    internal Value AddTo(Value loss, IReadOnlyList<Parameter> parameters) => _terms.Aggregate(loss, (sum, p) => sum + p.Of(parameters));

    /// <inheritdoc/>
    public bool Equals(Penalties? other) => other is not null && _terms.SequenceEqual(other._terms);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Penalties);

    /// <inheritdoc/>
    public override int GetHashCode() => _terms.Aggregate(0, HashCode.Combine);

    /// <inheritdoc/>
    public override string ToString() => $"[{string.Join<Penalty>(", ", _terms)}]";
}
