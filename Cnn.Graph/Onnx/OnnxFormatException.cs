namespace Cnn.Graph.Onnx;

/// <summary>A file or byte sequence is not a sound ONNX model. The message names the file and everything that is wrong with it.</summary>
public sealed class OnnxFormatException : CnnGraphException
{
    /// <summary>Creates the error.</summary>
    /// <param name="message">The file and its faults.</param>
    /// <param name="innerException">What caused it, if anything did.</param>
    public OnnxFormatException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
