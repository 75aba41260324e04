namespace Cnn.Graph.Data;

/// <summary>A training set, the test set that belongs to it and the normalization that suits both.</summary>
/// <example><code>
/// var mnist = Mnist.Load();
/// Console.WriteLine(mnist.Train.Count);       // 60000
/// var (train, test) = mnist;
/// </code></example>
public sealed class DataSplits
{
    /// <summary>Brings the sets together.</summary>
    /// <param name="name">What to call the data in messages, such as <c>MNIST</c>.</param>
    /// <param name="train">The images to learn from.</param>
    /// <param name="test">The images to measure with; without images where there is no test set.</param>
    /// <param name="normalization">How to make network inputs of the pixels; null computes it from the training set.</param>
    /// <exception cref="DataFormatException">The two sets differ in image shape or number of classes.</exception>
    /// <exception cref="ArgumentException">The normalization has another number of channels than the images.</exception>
    public DataSplits(string name, ImageDataset train, ImageDataset test, Normalization? normalization = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(train);
        ArgumentNullException.ThrowIfNull(test);
        if (Shape(train) != Shape(test))
        {
            throw new DataFormatException($"The training and the test set do not belong together: '{train}' and '{test}'.");
        }

        Normalization = normalization ?? Normalization.Of(train);
        if (Normalization.Channels != train.Channels)
        {
            throw new ArgumentException(
                $"A normalization of {Normalization.Channels} channels does not fit '{train}'.", nameof(normalization));
        }

        (Name, Train, Test) = (name, train, test);
    }

    /// <summary>What to call the data in messages.</summary>
    public string Name { get; }

    /// <summary>The images to learn from.</summary>
    public ImageDataset Train { get; }

    /// <summary>The images to measure with; its count is 0 where there is no test set.</summary>
    public ImageDataset Test { get; }

    /// <summary>Whether there is a test set.</summary>
    public bool HasTest => Test.Count > 0;

    /// <summary>What a finished model is measured with: the test set or, where there is none, the only set there is.</summary>
    public ImageDataset Evaluation => HasTest ? Test : Train;

    /// <summary>How to make network inputs of the pixels.</summary>
    public Normalization Normalization { get; }

    /// <summary>Both sets with their images in the middle of a larger black field; the normalization is that of the fields.</summary>
    /// <param name="height">Rows of the field.</param>
    /// <param name="width">Columns of the field.</param>
    /// <exception cref="CnnGraphException">The field is smaller than the images, or too large.</exception>
    public DataSplits OnCanvas(int height, int width) => new(Name, Train.OnCanvas(height, width), Test.OnCanvas(height, width));

    /// <summary>Both sets, of whose pixels network inputs are made otherwise, such as a pretrained network wants them.</summary>
    /// <param name="normalization">How to make network inputs of the pixels.</param>
    /// <exception cref="ArgumentException">The normalization has another number of channels than the images.</exception>
    public DataSplits With(Normalization normalization) => new(Name, Train, Test, normalization);

    /// <summary>Both sets for a network that tells so many classes apart, see <see cref="ImageDataset.WithClasses"/>.</summary>
    /// <param name="count">The number of classes.</param>
    /// <exception cref="CnnGraphException">A label is not below <paramref name="count"/>.</exception>
    public DataSplits WithClasses(int count) => new(Name, Train.WithClasses(count), Test.WithClasses(count), Normalization);

    /// <summary>Takes the two sets apart.</summary>
    /// <param name="train">The images to learn from.</param>
    /// <param name="test">The images to measure with.</param>
    public void Deconstruct(out ImageDataset train, out ImageDataset test) => (train, test) = (Train, Test);

    /// <summary>The name and both sets.</summary>
    public override string ToString() => $"{Name}: {Train.Count} + {Test.Count} images of {Train.Channels}x{Train.Height}x{Train.Width}";

    private static (int, int, int, int) Shape(ImageDataset set) => (set.Channels, set.Height, set.Width, set.ClassCount);
}
