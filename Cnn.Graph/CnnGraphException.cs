namespace Cnn.Graph;

/// <summary>
/// The base of every error that this library reports about what it was given: a graph that does not fit, a file that cannot be read,
/// a device that is not there. The message is complete in itself: it names the thing, what was expected and how to mend it.
/// </summary>
public class CnnGraphException : Exception
{
    /// <summary>Creates the error.</summary>
    /// <param name="message">One clear line for the person who has to mend it.</param>
    /// <param name="innerException">What caused it, if anything did.</param>
    public CnnGraphException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
