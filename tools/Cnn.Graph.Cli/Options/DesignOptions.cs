using System.CommandLine;
using Cnn.Graph.Architectures;

namespace Cnn.Graph.Cli.Options;

/// <summary>The architecture and what it is built for.</summary>
internal sealed class DesignOptions
{
    private readonly Argument<Architecture> _architecture = CommonOptions.Architecture();
    private readonly Option<int?> _classes = CommonOptions.Classes("The number of classes; the architecture's own by default");
    private readonly Option<SampleShape?> _input = OptionValue.Parsed(
        "--input", "Channels, height and width as CxHxW; the architecture's own by default", SampleShape.Parse);

    private readonly Option<double?> _width = CommonOptions.Width();

    public void AddTo(Command command)
    {
        command.Add(_architecture);
        command.Add(_classes);
        command.Add(_input);
        command.Add(_width);
    }

    public Architecture Architecture(ParseResult parse) => parse.GetRequiredValue(_architecture);

    /// <exception cref="CnnGraphException">The architecture cannot be built like that.</exception>
    public Network Build(ParseResult parse)
    {
        Design design = Design(parse);
        return Architecture(parse).Build(design.Classes, design.Input, design.Width);
    }

    /// <exception cref="UsageException">The input has another number of axes than the architecture's.</exception>
    public Design Design(ParseResult parse)
    {
        Architecture architecture = Architecture(parse);
        IReadOnlyList<int> input = parse.GetValue(_input)?.Dims ?? architecture.Input;
        return input.Count == architecture.Input.Count
            ? new Design(input, parse.GetValue(_classes) ?? architecture.Classes, parse.GetValue(_width) ?? 1)
            : throw new UsageException(
                $"--input takes {architecture.Input.Count} numbers for '{architecture.Id}', such as {string.Join('x', architecture.Input)}, " +
                $"not '{string.Join('x', input)}'.");
    }
}
