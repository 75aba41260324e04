using System.CommandLine;
using Cnn.Graph.Cli.Options;
using Cnn.Graph.Runtime;

namespace Cnn.Graph.Cli.Commands;

/// <summary><c>cnn devices</c>: what networks can run on here, found out by trying.</summary>
internal static class DevicesCommand
{
    public static Command Create(CommandContext context)
    {
        Option<bool> json = CommonOptions.Json();
        var command = new Command("devices", "Show what networks can run on here, and why not on the rest") { json };
        command.SetAction(parse =>
        {
            IReadOnlyList<DeviceReport> devices = Devices.List();
            if (parse.GetValue(json))
            {
                context.WriteJson(devices.Select(d => new { d.Name, Available = d.IsAvailable, d.Reason, d.Hardware, d.Adapter?.Luid, d.Adapter?.Memory }));
                return;
            }

            foreach (DeviceReport device in devices)
            {
                context.Output.WriteLine($"{device.Name,-12}{Availability(device)}");
            }
        });
        return command;
    }

    private static string Availability(DeviceReport device) => device.IsAvailable
        ? $"available{(device.Adapter is { } adapter ? $" ({adapter.Name}, {Figures.Count(adapter.Memory / 1e6)} MB, LUID {adapter.Luid})" : string.Empty)}"
        : $"not available: {device.Reason}";
}
