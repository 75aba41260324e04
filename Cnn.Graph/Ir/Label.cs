namespace Cnn.Graph.Ir;

/// <summary>
/// The path by which a node or value is called: <c>inception_4a/3x3_reduce/weight</c>. Labels never make edges; they are for people.
/// An automatic label (<c>conv</c>) waits for its number, which building the network gives it (<c>conv2</c>).
/// </summary>
public sealed class Label
{
    private static readonly AsyncLocal<Label?> Ambient = new();

    private Label(Label? parent, string text, bool isAutomatic)
    {
        Parent = parent;
        Text = text;
        IsAutomatic = isAutomatic;
    }

    /// <summary>The block that this label lies in, or null at the top.</summary>
    public Label? Parent { get; }

    /// <summary>The last part of the path.</summary>
    public string Text { get; }

    /// <summary>Whether a number is still to be added.</summary>
    public bool IsAutomatic { get; }

    /// <summary>The block that layers created now lie in.</summary>
    internal static Label? Scope => Ambient.Value;

    /// <summary>A label in the current block: the name a user chose, or the kind of layer, to be numbered.</summary>
    internal static Label For(string kind, string? name = null) => new(Scope, name ?? kind, isAutomatic: name is null);

    /// <summary>A finished path.</summary>
    internal static Label Fixed(string path) => new(null, path, isAutomatic: false);

    /// <summary>A label below this one, such as a layer's weight.</summary>
    internal Label Child(string text) => new(this, text, isAutomatic: false);

    /// <summary>The same last part in another block, to be numbered there where it is automatic.</summary>
    internal Label Under(Label parent) => new(parent, Text, IsAutomatic);

    /// <summary>Makes this label the current block until the returned object is disposed.</summary>
    internal IDisposable Enter()
    {
        var leave = new Leave(Ambient.Value);
        Ambient.Value = this;
        return leave;
    }

    /// <summary>The whole path; an automatic label that was not numbered yet shows its kind.</summary>
    public override string ToString() => Parent is null ? Text : $"{Parent}/{Text}";

    private sealed class Leave(Label? previous) : IDisposable
    {
        public void Dispose() => Ambient.Value = previous;
    }
}
