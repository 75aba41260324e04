namespace Cnn.Graph.Data;

/// <summary>
/// A file or folder of images that cannot be read: missing, truncated, of another format, or inconsistent with the file it belongs to.
/// </summary>
public sealed class DataFormatException : CnnGraphException
{
    /// <summary>Creates the error.</summary>
    /// <param name="message">One clear line that names the file, what was found and what was expected.</param>
    /// <param name="innerException">What caused it, if anything did.</param>
    public DataFormatException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
