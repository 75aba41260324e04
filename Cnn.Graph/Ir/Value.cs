namespace Cnn.Graph.Ir;

/// <summary>
/// A tensor that flows through a graph: an input, a parameter, a constant or the output of a node. Values are immutable and tied to
/// their producers by reference; a graph is whatever can be reached from its outputs. The fluent methods that add layers
/// (<c>image.Conv2d(…).Relu()</c>) take and return values.
/// </summary>
public class Value
{
    internal Value(TensorType type, Label label, Node? producer = null, int index = 0)
    {
        Type = type;
        Label = label;
        Producer = producer;
        Index = index;
    }

    /// <summary>Element type and shape.</summary>
    public TensorType Type { get; }

    /// <summary>The shape.</summary>
    public Shape Shape => Type.Shape;

    /// <summary>What people call it.</summary>
    public Label Label { get; }

    /// <summary>The path of its label.</summary>
    public string Name => Label.ToString();

    /// <summary>The node whose output this is, or null for inputs, parameters and constants.</summary>
    public Node? Producer { get; }

    /// <summary>Which output of <see cref="Producer"/> this is.</summary>
    public int Index { get; }

    /// <inheritdoc/>
    public override string ToString() => $"{Name}: {Type}";
}

/// <summary>What a graph is fed with.</summary>
public enum InputKind
{
    /// <summary>Pictures, or whatever the network takes.</summary>
    Data,

    /// <summary>What the network should have answered: class labels or target values.</summary>
    Target,

    /// <summary>A scalar that a schedule sets at every step, such as the learning rate.</summary>
    Scalar,

    /// <summary>Random numbers such as a dropout mask, drawn anew at every step from the seed.</summary>
    Noise,
}

/// <summary>A value that is fed at every run.</summary>
public sealed class Input : Value
{
    internal Input(Label label, TensorType type, InputKind kind = InputKind.Data)
        : base(type, label) => Kind = kind;

    internal Input(Label label, TensorType type, Noise noise)
        : this(label, type, InputKind.Noise) => Noise = noise;

    /// <summary>What it is fed with.</summary>
    public InputKind Kind { get; }

    /// <summary>For noise: how it is drawn.</summary>
    public Noise? Noise { get; }

    /// <summary>The same input for tensors of another shape.</summary>
    internal Input WithShape(Shape shape)
    {
        TensorType type = Type with { Shape = shape };
        return Noise is null ? new Input(Label, type, Kind) : new Input(Label, type, Noise);
    }
}

/// <summary>A value that is part of the graph itself.</summary>
public sealed class Constant : Value
{
    internal Constant(Label label, TensorData data)
        : base(new TensorType(data.Type, Shape.Of(data.Dims)), label) => Data = data;

    /// <summary>The numbers.</summary>
    public TensorData Data { get; }
}
