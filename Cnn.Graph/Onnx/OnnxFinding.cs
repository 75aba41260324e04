namespace Cnn.Graph.Onnx;

/// <summary>How much a finding about a model file matters.</summary>
public enum OnnxSeverity
{
    /// <summary>Worth knowing; nothing is wrong.</summary>
    Note,

    /// <summary>Legal, but probably not what was meant.</summary>
    Warning,

    /// <summary>Against ONNX's rules; a runtime may refuse the model.</summary>
    Error,
}

/// <summary>Something that the checker noticed in a model file.</summary>
/// <param name="Severity">How much it matters.</param>
/// <param name="Message">What it is and where.</param>
public sealed record OnnxFinding(OnnxSeverity Severity, string Message)
{
    /// <summary>Severity and message in one line.</summary>
    public override string ToString() => $"{Severity}: {Message}";
}
